package airlock.plan;

/// `cargo_test`: runs the tests, offline.
final class CargoTestAction {
    static final ActionKind KIND =
            Cargo.kind(
                    "cargo_test",
                    "Tests Rust code.",
                    "cargo",
                    "test",
                    "--offline",
                    "--locked",
                    "--workspace");

    private CargoTestAction() {}
}
