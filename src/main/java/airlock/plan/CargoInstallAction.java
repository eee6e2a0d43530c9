package airlock.plan;

/// `cargo_install`: puts the programs below `/ci/artifacts`, in `bin`.
final class CargoInstallAction {
    static final ActionKind KIND =
            Cargo.kind(
                    "cargo_install",
                    "Makes artifacts of Rust programs.",
                    "cargo",
                    "install",
                    "--offline",
                    "--locked",
                    "--bins",
                    "--path=.",
                    "--root",
                    "/ci/artifacts");

    private CargoInstallAction() {}
}
