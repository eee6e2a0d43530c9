package airlock.plan;

import airlock.config.Mirror;
import airlock.event.Phase;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `go_mod_download`: fetches the modules that `go.mod` names, checked by `go.sum`. It tells the
/// plan phase where they are, which Ambient's does not.
record GoModDownloadAction() implements MirrorAction {
    private static final String FOLDER = "/ci/deps/gomod";

    static final ActionKind KIND =
            new ActionKind(
                    "go_mod_download",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "go_mod_download",
                            "Fetches modules of Go's.",
                            List.of(),
                            _ -> new GoModDownloadAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.called("go.mod", "go.sum");
    }

    @Override
    public Mirror mirror() {
        return Mirror.GO;
    }

    /// Without a network a message about that says less than one about what is missing.
    @Override
    public Map<String, String> declared() {
        return Map.of("GOMODCACHE", FOLDER, "GOPROXY", "off", "GOTOOLCHAIN", "local");
    }

    @Override
    public List<Script> scripts(URI mirror) {
        return List.of(
                Script.of(
                        name(),
                        name(),
                        List.of(FOLDER, StepContext.SOURCE, mirror.toString()),
                        ""));
    }
}
