package airlock.plan;

/// `cargo_doc`: makes the documentation, where a warning is an error.
final class CargoDocAction {
    static final ActionKind KIND =
            Cargo.kind(
                    "cargo_doc",
                    "Makes the documentation of Rust code.",
                    "env",
                    "RUSTDOCFLAGS=-D warnings",
                    "cargo",
                    "doc",
                    "--workspace");

    private CargoDocAction() {}
}
