package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `create_file`: writes a text to a file; its directory must be there.
record CreateFileAction(String filename, String content, boolean overwrite) implements Action {
    private static final int MODE = 0644;
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> FILENAME =
            Key.required("filename", Texts.path(), "The file, from `/ci/src`.")
                    .example("build/version.txt");
    private static final Key<String> CONTENT =
            Key.required("content", Texts.argument(), "What is written.").example("\"1.0\\n\"");
    private static final Key<Boolean> OVERWRITE =
            Key.required(
                            "overwrite",
                            Scalars.FLAG,
                            "Whether a file that is there is replaced; else that is a failure.")
                    .example("true");

    static final ActionKind KIND =
            new ActionKind(
                    "create_file",
                    Set.of(Phase.PLAN),
                    new Section<>(
                            "create_file",
                            "Writes a file.",
                            List.of(FILENAME, CONTENT, OVERWRITE),
                            values ->
                                    new CreateFileAction(
                                            values.get(FILENAME),
                                            values.get(CONTENT),
                                            values.get(OVERWRITE))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.onTheWayTo(filename);
    }

    @Override
    public boolean ignoresEnvironment() {
        return true;
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                StepContext.plain(
                        SafeText.line("create_file " + filename, LONGEST_TITLE),
                        new GuestStep.WriteFile(
                                StepContext.absolute(filename), MODE, content, overwrite)));
    }
}
