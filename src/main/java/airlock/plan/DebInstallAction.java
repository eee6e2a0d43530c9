package airlock.plan;

import java.util.List;

/// `deb_install`: installs the packages that `deb_get` has fetched.
final class DebInstallAction {
    /// The image may have had all of it already.
    private static final String COMMAND =
            """
            cd %s && shopt -s nullglob && files=(./*.deb) || exit
            if [ ${#files[@]} -eq 0 ]; then
              echo "deb_install: nothing was fetched that the image lacks"
            else
              apt-get install -y "${files[@]}"
            fi
            """
                    .formatted(DebGetAction.FOLDER);

    static final ActionKind KIND =
            ProgramAction.kind(
                    "deb_install",
                    "Installs fetched Debian packages.",
                    List.of(List.of("bash", "-c", COMMAND)));

    private DebInstallAction() {}
}
