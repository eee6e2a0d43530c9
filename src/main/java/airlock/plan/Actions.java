package airlock.plan;

import airlock.event.Phase;
import java.util.List;
import java.util.Optional;

/// The actions that there are. A new one is a file and a line here.
public final class Actions {
    /// In the order of the documentation.
    public static final List<ActionKind> ALL =
            List.of(
                    ShellAction.KIND,
                    MkdirAction.KIND,
                    SetenvAction.KIND,
                    PwdAction.KIND,
                    DummyAction.KIND,
                    CreateFileAction.KIND,
                    SymlinkAction.KIND,
                    TarAction.CREATE,
                    TarAction.EXTRACT,
                    CustomAction.KIND,
                    GitConfigAction.KIND,
                    CargoFmtAction.KIND,
                    CargoClippyAction.KIND,
                    CargoDenyAction.KIND,
                    CargoDocAction.KIND,
                    CargoBuildAction.KIND,
                    CargoTestAction.KIND,
                    CargoInstallAction.KIND,
                    DebInstallAction.KIND,
                    AptGetAction.KIND,
                    NpmCiAction.KIND,
                    PipInstallAction.KIND,
                    DebAction.ALL,
                    DebAction.BELOW,
                    HttpGetAction.KIND,
                    DebGetAction.KIND,
                    AptUpgradeDownloadAction.KIND,
                    CargoFetchAction.KIND,
                    RustupAction.KIND,
                    NpmGetAction.KIND,
                    PipDownloadAction.KIND,
                    GoModDownloadAction.KIND,
                    MavenFetchAction.KIND,
                    GradleFetchAction.KIND,
                    GitFetchAction.KIND,
                    DnsAction.KIND,
                    RsyncAction.ALL,
                    RsyncAction.BELOW,
                    DputAction.ANYWHERE,
                    DputAction.DEBIAN_FIRST);

    private Actions() {}

    /// The kind that plan files call `name`.
    static Optional<ActionKind> find(String name) {
        return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }

    /// The names that may stand in `phase` of `file`.
    static List<String> names(PlanFile file, Phase phase) {
        return ALL.stream().filter(kind -> kind.fits(file, phase)).map(ActionKind::name).toList();
    }
}
