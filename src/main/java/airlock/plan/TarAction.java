package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `tar_create` and `tar_extract`: pack a directory into an archive, a file or a device, and
/// unpack one. The directory to unpack into is made, its parents must be there.
///
/// @param name one of the two
record TarAction(String name, String archive, String directory) implements Action {
    private static final String CREATE_NAME = "tar_create";
    private static final String EXTRACT_NAME = "tar_extract";
    private static final int MODE = 0755;
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> ARCHIVE =
            Key.required("archive", Texts.path(), "The archive, from `/ci/src`.")
                    .example("/ci/artifacts/site.tar");
    private static final Key<String> DIRECTORY =
            Key.required("directory", Texts.path(), "The directory, from `/ci/src`.")
                    .example("build/site");

    static final ActionKind CREATE = kind(CREATE_NAME, "Packs a directory.");
    static final ActionKind EXTRACT = kind(EXTRACT_NAME, "Unpacks an archive.");

    // an archive of the commit's can replace a program of the machine's
    private static ActionKind kind(String name, String meaning) {
        return new ActionKind(
                name,
                Set.of(Phase.PLAN),
                true,
                new Section<>(
                        name,
                        meaning,
                        List.of(ARCHIVE, DIRECTORY),
                        values -> new TarAction(name, values.get(ARCHIVE), values.get(DIRECTORY))));
    }

    @Override
    public List<Step> lower(StepContext context) {
        boolean unpacks = name.equals(EXTRACT_NAME);
        var steps = new ArrayList<Step>();
        if (unpacks) {
            steps.add(
                    StepContext.plain(
                            SafeText.line("mkdir " + directory, LONGEST_TITLE),
                            new GuestStep.MakeDirectory(
                                    StepContext.absolute(directory), MODE, false)));
        }
        // a path that begins with - or has a colon is no option and no host
        String file = StepContext.absolute(archive);
        String folder = StepContext.absolute(directory);
        steps.add(
                context.execute(
                        SafeText.line(name + " " + archive, LONGEST_TITLE),
                        unpacks
                                ? List.of(
                                        "tar",
                                        "--force-local",
                                        "-xf",
                                        file,
                                        "-C",
                                        folder,
                                        "--no-same-owner")
                                : List.of("tar", "--force-local", "-cf", file, "-C", folder, ".")));
        return steps;
    }
}
