package airlock.plan;

import java.util.List;

/// `git_config`: gives git the identity that Ambient gives it (reference/ambient.md, section 3.2),
/// which `git commit` and `git tag` need.
final class GitConfigAction {
    static final ActionKind KIND =
            ProgramAction.kind(
                    "git_config",
                    "Gives git a name and an address.",
                    List.of(
                            List.of("git", "config", "--global", "user.name", "Ambient CI"),
                            List.of(
                                    "git",
                                    "config",
                                    "--global",
                                    "user.email",
                                    "ambient@example.com")));

    private GitConfigAction() {}
}
