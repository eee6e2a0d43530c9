package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.plan.TinyMaven;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real clients of the fetch actions, as Debian has them, in real machines: registries of
/// their kinds on loopback by the uplink, of which each at first fails, then is cut, then slow;
/// then a plan phase that builds and tests without a network. Of cargo-deny, which Debian lacks,
/// the image has a stand-in. Debian's Gradle 4.4.1 is too old to look at its list of checksums by
/// itself. With --long, as an image with all of them takes minutes to make.
@Tag("soak")
final class FetchActionsInVmTest {
    private static final String BUILDS =
            """
              - action: apt_upgrade_download
                suite: tiny
                cert: *cert
              - action: shell
                shell: |
                  echo "marks: $(ls -A /ci/cache | grep mark)"
            plan:
              - action: shell
                shell: rm %s
              - action: apt_get
                packages: [greeting]
              - action: deb
              - action: npm_ci
                if: always
              - action: pip_install
                if: always
              - action: shell
                if: always
                shell: |
                  node test.js
                  python3 test.py
                  CGO_ENABLED=0 GOCACHE=/tmp/go-cache GOFLAGS=-buildvcs=false go test -vet=off ./...
                  cargo generate-lockfile --offline
                  test -s /ci/deps/git/old/noise
              - action: cargo_test
                if: always
              - action: cargo_deny
                if: always
              - action: shell
                if: always
                shell: mvn -B -ntp test
              - action: shell
                if: always
                shell: gradle --offline --no-daemon test
              - action: shell
                if: always
                shell: |
                  dpkg -i /ci/artifacts/hello-package_1.0-1_all.deb
                  cat /usr/share/hello-package/word
                  env | grep -E '^(PIP_|GO|CARGO_NET|MAVEN|GRADLE)' | sort
            env:
              # under emulation, a compiler that optimises little is the faster one
              JAVA_TOOL_OPTIONS: -XX:TieredStopAtLevel=1
            """
                    .formatted(String.join(" ", FetchProjects.TRAPS));

    @TempDir Path directory;

    /// Surefire resolves this artifact at run time, so no pom names it.
    private static String fetches(FetchSite site) throws Exception {
        return site.fetches(
                site.commit(),
                "test",
                "[org.apache.maven.surefire:surefire-junit-platform:%s]"
                        .formatted(TinyMaven.pinned("maven-surefire-plugin")));
    }

    @Test
    void everyClientFetchesByTheUplinkAndItsProjectIsBuiltWithoutANetwork() throws Exception {
        try (var site = FetchSite.start(directory);
                var bot = site.bot()) {
            var files = FetchSite.files();
            var server = site.server();
            for (String file : files) {
                server.failOnce(file);
                server.cutOnce(file);
                server.slowOnce(file);
            }
            String log = site.run(bot, fetches(site) + BUILDS, "success");

            assertThat(server.faultsLeft()).as(log).isEmpty();
            assertEverythingWorks(log);
            assertThat(log)
                    .contains("spurious network error", "node_modules/hello-dep.tgz: try 1 of 5")
                    .contains("pip_download: try 1 of 3", "go_mod_download: try 2 of 3")
                    .contains(
                            "maven_fetch: try 2 of 3",
                            "hello/example/dep/1.0.0/dep-1.0.0.jar: try 1")
                    .contains("old: try 2 of 4");
            assertThat(bot.get("/api/v1/runs/" + bot.runs().getFirst() + "/artifacts"))
                    .contains("hello-package_1.0-1_all.deb", "hello-package_1.0-1.dsc")
                    .containsPattern("hello-package_1.0-1_[a-z0-9]+.changes");

            int before = server.requests().size();
            log = site.run(bot, site.fetches(site.commit(), "test", "[]"), "success");
            assertThat(log).contains("old: there already");
            var requests = server.requests();
            assertThat(requests.subList(before, requests.size()))
                    .as("of what was there already")
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(files);
        }
    }

    private static void assertEverythingWorks(String log) {
        assertThat(log)
                .contains("\nmarks: \n")
                .contains("node says hello", "python says 1", "rust_says_hello ... ok")
                .containsPattern("ok\\s+user.example/user")
                .contains("stand-in for cargo-deny: deny --locked fetch")
                .contains("stand-in for cargo-deny: deny --offline --locked --workspace check")
                .contains("maven says 1", "Tests run: 1, Failures: 0", "gradle says 1")
                .contains("\npackaged: tongue 2.0\n")
                .contains("GOMODCACHE=/ci/deps/gomod", "GOPROXY=off", "CARGO_NET_OFFLINE=true")
                .contains("PIP_FIND_LINKS=/ci/deps/pip", "PIP_NO_INDEX=1")
                .contains("MAVEN_ARGS=--offline", "GRADLE_USER_HOME=/ci/deps/gradle/home");
    }

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

    private static String refused(FetchSite site, Bot bot, String commit) throws Exception {
        String log = site.run(bot, site.fetches(commit, "compile", "[]"), "failure");
        for (String action : ACTIONS) {
            assertThat(log).contains("step \"" + action + "\" exited with 1");
        }
        return log;
    }
}
