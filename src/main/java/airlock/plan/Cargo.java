package airlock.plan;

import java.util.ArrayList;
import java.util.List;

/// What the actions that use Rust's cargo have in common (reference/ambient.md, section 3.2).
final class Cargo {
    /// Each such action fails where one of them is missing, and its log says which ones there are.
    private static final List<List<String>> VERSIONS =
            List.of(
                    List.of("cargo", "--version"),
                    List.of("cargo", "clippy", "--version"),
                    List.of("rustc", "--version"));

    /// Where it keeps crates (`CARGO_HOME`).
    static final String HOME = "/ci/deps/cargo";

    private Cargo() {}

    static ActionKind kind(String name, String meaning, String... argv) {
        return ProgramAction.kind(name, meaning, after(List.of(argv)));
    }

    /// The versions, then a command.
    static List<List<String>> after(List<String> command) {
        var all = new ArrayList<>(VERSIONS);
        all.add(command);
        return all;
    }
}
