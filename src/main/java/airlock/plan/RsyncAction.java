package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.yaml.Section;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `rsync` and `rsync2`: make a directory of another host the same as the artifacts, or as those
/// of them that are below `rsync`. Where to says the operator (reference/ambient.md, section 3.3).
///
/// @param name one of the two
/// @param folder what is published
record RsyncAction(String name, String folder) implements ApartAction {
    static final ActionKind ALL = kind("rsync", "/ci/artifacts");
    static final ActionKind BELOW = kind("rsync2", "/ci/artifacts/rsync");

    private static ActionKind kind(String name, String folder) {
        return new ActionKind(
                name,
                Set.of(Phase.POST_PLAN),
                new Section<>(
                        name,
                        "Publishes " + folder + " by rsync.",
                        List.of(),
                        _ -> new RsyncAction(name, folder)));
    }

    @Override
    public Optional<String> lacks(Destinations given) {
        return given.rsync().isPresent()
                ? Optional.empty()
                : Optional.of("repositories[].targets.rsync");
    }

    @Override
    public List<Script> scripts(Destinations given) {
        return List.of(
                given.rsync()
                        .map(
                                target ->
                                        Script.of(
                                                name + " to " + target.remote(),
                                                "rsync",
                                                List.of(
                                                        folder,
                                                        target.remote(),
                                                        Integer.toString(target.port())),
                                                ""))
                        .orElseGet(
                                () ->
                                        Script.refusal(
                                                name,
                                                ApartAction.needs(lacks(given).orElseThrow()))));
    }
}
