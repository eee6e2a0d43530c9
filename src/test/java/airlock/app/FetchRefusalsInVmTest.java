package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the real clients of the fetch actions do, in real machines, where a registry has not what
/// it should: one run for all, since each is asked whatever became of those before it. With
/// --long.
@Tag("soak")
final class FetchRefusalsInVmTest {
    private static final String NOWHERE = "0123456789".repeat(4);
    private static final List<String> ACTIONS =
            List.of(
                    "cargo_fetch",
                    "npm_get",
                    "pip_download requirements.txt",
                    "go_mod_download",
                    "deb_get greeting",
                    "maven_fetch compile",
                    "gradle_fetch",
                    "git_fetch old");

    @TempDir Path directory;

    @Test
    void whatWasTamperedWithAndWhatIsMissingIsToldByItsName() throws Exception {
        try (var site = FetchSite.start(directory);
                var bot = site.bot()) {
            assertWhatWasTamperedWithIsTold(site, bot);
            site.server().heal();
            assertWhatIsMissingIsTold(site, bot);
            site.server().heal();
            site.registries().moduleSays(2);
            assertThat(site.run(bot, "pre_plan:\n  - action: go_mod_download\n", "failure"))
                    .as("another module than go.sum means")
                    .contains("SECURITY ERROR", "hello.example/dep@v1.0.0: checksum mismatch");
        }
    }

    private static void assertWhatWasTamperedWithIsTold(FetchSite site, Bot bot) throws Exception {
        for (String file : FetchSite.files()) {
            site.server().tamper(file);
        }
        String log = refused(site, bot, site.commit());
        assertThat(log)
                .contains("failed to verify the checksum of `hello-dep v1.0.0")
                .contains("npm_get: node_modules/hello-dep.tgz: what http", "(sha512); not kept")
                .contains("DO NOT MATCH THE HASHES", "hello-dep==1.0.0 from http")
                .contains("go_mod_download: hello.example/dep@v1.0.0: zip: checksum error")
                .contains(FetchSite.deb("tongue_2.0") + "  Hash Sum mismatch")
                .contains("hello.example:dep:jar:1.0.0 from/to airlock", "Checksum validation")
                .contains("gradle_fetch: hello/example/dep/1.0.0/dep-1.0.0.jar: what http")
                .contains("(sha256); not kept")
                .contains("index-pack failed")
                .contains("git_fetch: old: " + site.commit() + " could not be fetched");
    }

    private static void assertWhatIsMissingIsTold(FetchSite site, Bot bot) throws Exception {
        for (String file : FetchSite.files()) {
            if (!file.equals(FetchSite.GIT)) {
                site.server().lose(file);
            }
        }
        String log = refused(site, bot, NOWHERE);
        assertThat(log)
                .containsPattern("failed to download from `http.*" + FetchSite.CRATE + "`")
                .contains("npm_get: node_modules/hello-dep.tgz: the server answered 404")
                .containsPattern("HTTP error 404 while getting http.*" + FetchSite.WHEEL)
                .containsPattern("hello.example/dep@v1.0.0: reading http.*: 404 Not Found")
                .contains(FetchSite.deb("tongue_2.0") + "  404  Not Found")
                .contains("Could not find artifact hello.example:dep:jar:1.0.0 in airlock")
                .contains(
                        "gradle_fetch: hello/example/dep/1.0.0/dep-1.0.0.jar: the server answered")
                .contains("not our ref " + NOWHERE)
                .contains("git_fetch: old: " + NOWHERE + " could not be fetched")
                .as("what is not there is not asked for again")
                .doesNotContain("try 1 of");
    }

    /// The log of a run in which every client fails.
    private static String refused(FetchSite site, Bot bot, String commit) throws Exception {
        String log = site.run(bot, site.fetches(commit, "compile", "[]"), "failure");
        for (String action : ACTIONS) {
            assertThat(log).contains("step \"" + action + "\" exited with 1");
        }
        return log;
    }
}
