package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// `apt_upgrade_download`: fetches newer versions of the image's packages to `/ci/deps/debian`,
/// checked by the image's own apt.
///
/// @param suite empty for the image's own
/// @param cert an armoured OpenPGP certificate; empty for those of the image
record AptUpgradeDownloadAction(String suite, String cert) implements DebianAction {
    private static final Key<String> SUITE =
            Key.or(
                            "suite",
                            DebGetAction.SUITE_NAME,
                            "",
                            "the image's own",
                            "The suite of the mirror.")
                    .example("trixie");

    static final ActionKind KIND =
            new ActionKind(
                    "apt_upgrade_download",
                    Set.of(Phase.PRE_PLAN),
                    false,
                    new Section<>(
                            "apt_upgrade_download",
                            "Fetches newer versions of Debian packages.",
                            List.of(SUITE, DebGetAction.CERT),
                            values ->
                                    new AptUpgradeDownloadAction(
                                            values.get(SUITE), values.get(DebGetAction.CERT))),
                    new Section<>(
                            "apt_upgrade_download",
                            "Fetches newer versions of Debian packages.",
                            List.of(),
                            _ -> new AptUpgradeDownloadAction("", "")));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public Script script(URI mirror, String security) {
        return Script.of(
                name(),
                name(),
                List.of(DebGetAction.FOLDER, STATUS, suite, mirror.toString(), security),
                cert);
    }
}
