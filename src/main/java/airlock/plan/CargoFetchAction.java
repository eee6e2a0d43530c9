package airlock.plan;

import airlock.config.Mirror;
import airlock.event.Phase;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `cargo_fetch`: fetches the crates that `Cargo.lock` names to cargo's home of the plan phase, and
/// advisories where there is a `deny.toml`. cargo sees manifests, lock files, and that there are
/// sources, not what is in them.
record CargoFetchAction() implements MirrorAction {
    static final ActionKind KIND =
            new ActionKind(
                    "cargo_fetch",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "cargo_fetch",
                            "Fetches crates.",
                            List.of(),
                            _ -> new CargoFetchAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    /// What sources there are decides only whether cargo takes the manifests for sound.
    @Override
    public ReadFiles reads() {
        return ReadFiles.called("Cargo.toml", "Cargo.lock")
                .and(ReadFiles.at("deny.toml", ".cargo/deny.toml"));
    }

    @Override
    public Mirror mirror() {
        return Mirror.CARGO;
    }

    /// Not all of the plan phase's actions say it themselves.
    @Override
    public Map<String, String> declared() {
        return Map.of("CARGO_NET_OFFLINE", "true");
    }

    @Override
    public List<Script> scripts(URI mirror) {
        return List.of(
                Script.of(
                        name(),
                        name(),
                        List.of(Cargo.HOME, StepContext.SOURCE, mirror.toString()),
                        ""));
    }
}
