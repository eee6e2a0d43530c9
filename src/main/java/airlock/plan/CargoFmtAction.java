package airlock.plan;

/// `cargo_fmt`: looks whether the code is formatted.
final class CargoFmtAction {
    static final ActionKind KIND =
            Cargo.kind("cargo_fmt", "Checks the format of Rust code.", "cargo", "fmt", "--check");

    private CargoFmtAction() {}
}
