package airlock.plan;

import airlock.event.Phase;
import airlock.text.Shown;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// `deb_get`: fetches Debian packages, and what they depend on and the image lacks, to
/// `/ci/deps/debian`. The image's own apt checks the signature and all hashes.
///
/// @param cert an armoured OpenPGP certificate; empty for those of the image
record DebGetAction(List<String> packages, String suite, String cert) implements DebianAction {
    static final String FOLDER = "/ci/deps/debian";

    /// A package's name.
    static final Type<String> PACKAGE =
            Texts.matching("a package's name", "[a-z0-9][a-z0-9+.-]{1,199}");

    /// A suite's.
    static final Type<String> SUITE_NAME =
            Texts.matching("a suite's name", "[a-z0-9][a-z0-9-]{0,99}");

    private static final int MOST_PACKAGES = 1_000;
    private static final int LONGEST_TITLE = 80;
    private static final Key<List<String>> PACKAGES =
            Key.required("packages", Compounds.list(PACKAGE, 1, MOST_PACKAGES), "Their names.")
                    .example("[jq, libssl-dev]");
    private static final Key<String> SUITE =
            Key.or("suite", SUITE_NAME, "trixie", "trixie", "The suite of the mirror.")
                    .example("bookworm");
    /// What signs a suite.
    static final Key<String> CERT =
            Key.or(
                    "cert",
                    Texts.argument(),
                    "",
                    "those of the image's debian-archive-keyring",
                    "An armoured OpenPGP certificate that signs the suite.");

    static final ActionKind KIND =
            new ActionKind(
                    "deb_get",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "deb_get",
                            "Fetches Debian packages.",
                            List.of(PACKAGES, SUITE, CERT),
                            values ->
                                    new DebGetAction(
                                            values.get(PACKAGES),
                                            values.get(SUITE),
                                            values.get(CERT))));

    DebGetAction {
        packages = List.copyOf(packages);
    }

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
        var arguments =
                new ArrayList<>(List.of(FOLDER, STATUS, suite, mirror.toString(), security));
        arguments.addAll(packages);
        return Script.of(
                Shown.line("deb_get " + String.join(" ", packages), LONGEST_TITLE),
                "deb_get",
                arguments,
                cert);
    }
}
