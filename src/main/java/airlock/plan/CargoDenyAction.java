package airlock.plan;

/// `cargo_deny`: has `deny.toml` and its advisories looked at, offline.
final class CargoDenyAction {
    static final ActionKind KIND =
            Cargo.kind(
                    "cargo_deny",
                    "Checks licences and advisories of crates.",
                    "cargo",
                    "deny",
                    "--offline",
                    "--locked",
                    "--workspace",
                    "check");

    private CargoDenyAction() {}
}
