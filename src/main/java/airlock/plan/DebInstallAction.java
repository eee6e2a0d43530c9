package airlock.plan;

import java.util.List;

/// `deb_install`: installs the packages that `deb_get` has fetched.
final class DebInstallAction {
    static final ActionKind KIND =
            ProgramAction.kind(
                    "deb_install",
                    "Installs fetched Debian packages.",
                    List.of(
                            List.of(
                                    "bash",
                                    "-c",
                                    "apt-get install -y " + DebGetAction.FOLDER + "/*.deb")));

    private DebInstallAction() {}
}
