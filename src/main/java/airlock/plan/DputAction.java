package airlock.plan;

import airlock.config.Destinations;
import airlock.config.DputTarget;
import airlock.event.Phase;
import airlock.vm.Drive;
import airlock.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `dput` and `dput2`: upload the one Debian package among the artifacts. Where to says the
/// operator (reference/ambient.md, section 3.3).
///
/// @param name one of the two
/// @param folders where the package is looked for, in this order
record DputAction(String name, List<String> folders) implements ApartAction {
    static final ActionKind ANYWHERE = kind("dput", List.of("/ci/artifacts"));
    static final ActionKind DEBIAN_FIRST =
            kind("dput2", List.of("/ci/artifacts/debian", "/ci/artifacts"));

    /// On the secrets drive.
    static final String OWN_FILE = DriveRules.directory(Drive.SECRETS) + "/" + DputFile.NAME;

    DputAction {
        folders = List.copyOf(folders);
    }

    private static ActionKind kind(String name, List<String> folders) {
        return new ActionKind(
                name,
                Set.of(Phase.POST_PLAN),
                new Section<>(
                        name,
                        "Uploads a Debian package.",
                        List.of(),
                        _ -> new DputAction(name, folders)));
    }

    @Override
    public Optional<String> lacks(Destinations given) {
        return given.dput().isPresent()
                ? Optional.empty()
                : Optional.of("repositories[].targets.dput");
    }

    @Override
    public List<Script> scripts(Destinations given) {
        return List.of(
                given.dput()
                        .map(this::script)
                        .orElseGet(
                                () ->
                                        Script.refusal(
                                                name,
                                                ApartAction.needs(lacks(given).orElseThrow()))));
    }

    private Script script(DputTarget target) {
        var arguments = new ArrayList<>(List.of(OWN_FILE, target.name()));
        arguments.addAll(folders);
        return Script.of(
                name + " to " + target.name(), "dput", arguments, DputFile.of(target).orElse(""));
    }
}
