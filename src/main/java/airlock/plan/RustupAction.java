package airlock.plan;

import airlock.config.Mirror;
import airlock.event.Phase;
import airlock.text.Shown;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `rustup`: installs a toolchain of Rust's for the plan phase, with the image's rustup.
///
/// @param target a further one to compile for
/// @param profile which components it has at least
/// @param components further ones
record RustupAction(
        String channel, Optional<String> target, Optional<String> profile, List<String> components)
        implements MirrorAction {
    private static final String FOLDER = "/ci/deps/rustup";
    private static final int MOST_COMPONENTS = 100;
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> CHANNEL =
            Key.or("channel", word(), "stable", "stable", "The toolchain.").example("1.85.0");
    private static final Key<String> TARGET =
            Key.free("target", word(), "the machine's own", "A further target.")
                    .example("wasm32-unknown-unknown");
    private static final Key<String> PROFILE =
            Key.free("profile", word(), "rustup's own", "Which components it has at least.")
                    .example("minimal");
    private static final Key<List<String>> COMPONENTS =
            Key.or(
                            "components",
                            Compounds.list(word(), 0, MOST_COMPONENTS),
                            List.of(),
                            "[]",
                            "Further components.")
                    .example("[clippy, rustfmt]");

    static final ActionKind KIND =
            new ActionKind(
                    "rustup",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "rustup",
                            "Installs a toolchain of Rust's.",
                            List.of(CHANNEL, TARGET, PROFILE, COMPONENTS),
                            values ->
                                    new RustupAction(
                                            values.get(CHANNEL),
                                            values.find(TARGET),
                                            values.find(PROFILE),
                                            values.get(COMPONENTS))));

    RustupAction {
        components = List.copyOf(components);
    }

    private static Type<String> word() {
        return Texts.matching("a word", "[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public Mirror mirror() {
        return Mirror.RUSTUP;
    }

    @Override
    public Map<String, String> declared() {
        return Map.of("RUSTUP_HOME", FOLDER);
    }

    @Override
    public List<Script> scripts(URI mirror) {
        var arguments = new ArrayList<>(List.of(FOLDER, mirror.toString(), channel));
        target.ifPresent(it -> arguments.addAll(List.of("--target", it)));
        profile.ifPresent(it -> arguments.addAll(List.of("--profile", it)));
        if (!components.isEmpty()) {
            arguments.addAll(List.of("--component", String.join(",", components)));
        }
        return List.of(
                Script.of(
                        Shown.line("rustup install " + channel, LONGEST_TITLE),
                        name(),
                        arguments,
                        ""));
    }
}
