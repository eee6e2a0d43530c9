package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationsTest {
    private final ConfigFixture fixture;

    DestinationsTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    private Destinations destinations(String lines) {
        return fixture.config(SMALL + lines).repositories().getFirst().destinations();
    }

    @Test
    void withoutAnythingThereIsNoServer() {
        assertThat(destinations("")).isEqualTo(Destinations.NONE);
    }

    @Test
    void targetsAreTheRepositorysAndMirrorsAreForAll() {
        var all =
                destinations(
                        """
                          targets:
                            rsync: www@files.example:/srv/hello
                            dput: {name: ours, host: Upload.example, port: 8443, method: https, incoming: /in}
                          network: {post_plan: {mode: open}}
                        mirrors: {debian: "http://mirror.example/debian/"}
                        """);

        assertThat(all.mirror(Mirror.DEBIAN)).hasToString("Optional[http://mirror.example/debian]");
        assertThat(all.rsync())
                .contains(new RsyncTarget("www", new HostName("files.example"), 22, "/srv/hello"));
        assertThat(all.dput())
                .contains(
                        new DputTarget(
                                "ours",
                                Optional.of(
                                        new DputTarget.Server(
                                                "ours",
                                                new HostName("upload.example"),
                                                DputTarget.Method.HTTPS,
                                                Optional.of(8443),
                                                "/in",
                                                "*",
                                                true))));
        assertThat(destinations("  targets: {dput: ours}\n").dput())
                .contains(new DputTarget("ours", Optional.empty()));
    }

    @Test
    void rsyncsTargetIsReadInBothForms() {
        assertThat(RsyncTarget.of("files.example:hello").remote()).isEqualTo("files.example:hello");
        assertThat(RsyncTarget.of("a@files.example:").remote()).isEqualTo("a@files.example:.");
        var other = RsyncTarget.of("ssh://a@files.example:2222/srv/x");
        assertThat(other.remote()).isEqualTo("a@files.example:/srv/x");
        assertThat(other.port()).isEqualTo(2222);
        assertThat(RsyncTarget.of("ssh://files.example/srv").port()).isEqualTo(22);
    }

    @Test
    void whatIsNoTargetIsTold() {
        for (String wrong :
                new String[] {
                    "/srv/local",
                    "files.example::module",
                    "rsync://files.example/module",
                    "-e@files.example:/x",
                    "files.example:a b",
                    "10.0.0.1:/x",
                    "ssh://files.example:99999/x",
                    "ssh://files.example",
                    "a@b@c.example:/x"
                }) {
            assertThat(fixture.problems(SMALL + "  targets: {rsync: \"" + wrong + "\"}\n"))
                    .as(wrong)
                    .anyMatch(problem -> problem.contains("repositories[0].targets.rsync"));
        }
        assertThat(
                        fixture.problems(
                                SMALL
                                        + "  targets: {dput: {name: a b, host: x_y, method: ftp,"
                                        + " incoming: '-x', login: '-l', port: 0}}\n"))
                .hasSizeGreaterThanOrEqualTo(6);
        assertThat(fixture.problems(SMALL + "  targets: {dput: [ours]}\n"))
                .anyMatch(problem -> problem.contains("a name, or a mapping"));
        assertThat(fixture.problems(SMALL + "mirrors: {debian: \"file:///srv\"}\n"))
                .anyMatch(problem -> problem.contains("mirrors.debian"));
    }

    @Test
    void aMirrorThatNoRepositoryListsIsAWarning() {
        String mirrors = "mirrors: {npm: 'https://Npm.example/x', debian: 'http://deb.example'}\n";
        String network = "  network: {pre_plan: {allow: [%s]}}\n";

        assertThat(fixture.warnings(SMALL + network.formatted("'deb.example:443'") + mirrors))
                .hasSize(2)
                .anyMatch(w -> w.contains("no repository lists deb.example:80 in network.pre_plan"))
                .anyMatch(w -> w.contains("npm.example:443") && w.contains("mirrors.npm"));
        assertThat(fixture.warnings(SMALL + mirrors)).hasSize(2);
        assertThat(
                        fixture.warnings(
                                SMALL
                                        + network.formatted("'deb.example:80', 'npm.example:443'")
                                        + mirrors))
                .isEmpty();
    }

    @Test
    void aTargetThatNoPostPlanReachesIsAWarning() {
        String targets =
                """
                  targets:
                    rsync: ssh://www@files.example:2222/srv
                    dput: {name: ours, host: upload.lan.example, incoming: /in}
                """;

        assertThat(fixture.warnings(SMALL + targets))
                .anyMatch(w -> w.contains("no post_plan reaches files.example:2222"))
                .anyMatch(w -> w.contains("no post_plan reaches upload.lan.example:22"));
        assertThat(
                        fixture.warnings(
                                SMALL
                                        + targets
                                        + "  network: {post_plan: {allow: [\"files.example:2222 ="
                                        + " 127.0.0.1\", \"*.lan.example:22\"]}}\n"))
                .isEmpty();
    }
}
