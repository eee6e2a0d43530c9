package airlock.plan;

/// `cargo_build`: builds all, offline.
final class CargoBuildAction {
    static final ActionKind KIND =
            Cargo.kind(
                    "cargo_build",
                    "Builds Rust code.",
                    "cargo",
                    "build",
                    "--offline",
                    "--locked",
                    "--workspace",
                    "--all-targets");

    private CargoBuildAction() {}
}
