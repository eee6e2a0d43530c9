package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseNetwork.Mode;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.yaml.Binder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkConfigTest {
    private final ConfigFixture fixture;

    NetworkConfigTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    private NetworkConfig network(String lines) {
        String section = lines.isEmpty() ? "" : "  network:\n" + lines.indent(4);
        return fixture.config(SMALL + section).repositories().getFirst().network();
    }

    @Test
    void withoutAnythingNoPhaseHasAnyNetwork() {
        for (Phase phase : Phase.values()) {
            for (TrustClass trust : TrustClass.values()) {
                assertThat(network("").of(phase, trust).isNothing()).isTrue();
            }
        }
    }

    @Test
    void eachPhaseAndOutsideRunsHaveTheirOwnListAndThePlanNone() {
        var network =
                network(
                        """
                        pre_plan: {mode: observe, allow: [packages.example:443, "*.files.example"]}
                        post_plan: {mode: open, allow: ["upload.example:22 = 10.0.0.1"]}
                        outside: [packages.example:8443]
                        tls_ports: [443, 8443]
                        connections: 7
                        bytes: 1 MiB
                        idle: 90s
                        """);

        for (TrustClass trust : TrustClass.values()) {
            assertThat(network.of(Phase.PLAN, trust).isNothing()).isTrue();
            boolean outside = trust == TrustClass.OUTSIDE;
            var before = network.of(Phase.PRE_PLAN, trust);
            var after = network.of(Phase.POST_PLAN, trust);
            assertThat(before.mode()).isEqualTo(outside ? Mode.ENFORCE : Mode.OBSERVE);
            assertThat(before.named())
                    .containsExactly(outside ? "packages.example:8443" : "packages.example:443");
            assertThat(before.needsProxy()).isEqualTo(!outside);
            assertThat(after.isNothing()).isEqualTo(outside);
            assertThat(before.caps())
                    .isEqualTo(
                            new NetworkCaps(Set.of(443, 8443), 7, 1 << 20, Duration.ofSeconds(90)));
        }
        assertThat(network.of(Phase.POST_PLAN, TrustClass.LISTED).otherPorts())
                .containsExactly(22, 80, 443);
        assertThat(network.of(Phase.PRE_PLAN, TrustClass.LISTED).allow().toString())
                .contains("*.files.example:443");
    }

    @Test
    void whatIsNoEntryIsTold() {
        var problems =
                fixture.problems(
                        SMALL
                                + """
                                  network:
                                    pre_plan: {mode: closed, allow: [packages.example, "10.0.0.1:80"]}
                                    plan: {allow: []}
                                """);

        assertThat(problems.toString())
                .contains("repositories[0].network.pre_plan.mode", "unknown word 'closed'")
                .contains("repositories[0].network.pre_plan.allow[0]", "has no port")
                .contains("repositories[0].network.pre_plan.allow[1]", "is not a host name")
                .contains("repositories[0].network.plan", "unknown key");
    }

    @Test
    void runsFromOutsideAreInEnforceWhateverTheModesAre() {
        var network = network("pre_plan: {mode: open}\npost_plan: {mode: observe}\n");

        assertThat(network.of(Phase.PRE_PLAN, TrustClass.OUTSIDE)).isEqualTo(PhaseNetwork.NOTHING);
        assertThat(network.of(Phase.POST_PLAN, TrustClass.OUTSIDE)).isEqualTo(PhaseNetwork.NOTHING);
        assertThat(network.of(Phase.PRE_PLAN, TrustClass.INSIDE).mode()).isEqualTo(Mode.OPEN);
        assertThat(
                        fixture.problems(SMALL + "  network: {outside: {mode: open, allow: []}}\n")
                                .toString())
                .contains("repositories[0].network.outside", "found a mapping");
    }

    @Test
    void anEntryMayBeAMappingThatAllowsAnEncryptedHelloAndHasAComment() {
        var allow =
                network(
                                """
                                pre_plan:
                                  allow:
                                    - {host: "packages.example:443", ech: true, comment: crates}
                                    - {host: "*.files.example"}
                                """)
                        .prePlan()
                        .allow();

        assertThat(allow.hosts())
                .containsExactly(
                        Binder.changed(
                                AllowedHost.of("packages.example:443"),
                                Map.of("encryptedHello", true, "comment", "crates")),
                        AllowedHost.of("*.files.example"));
        assertThat(
                        fixture.problems(
                                        SMALL
                                                + "  network: {outside: [{host: x, hots: y}, {},"
                                                + " [a]]}\n")
                                .toString())
                .contains("outside[0].host: has no port")
                .contains("outside[0].hots: unknown key", "did you mean 'host'?")
                .contains("outside[1]: key 'host' is missing")
                .contains("outside[2]: found a list");
    }

    @Test
    void knownHostsHoldForAllPhasesAndWhatIsNoneIsTold() {
        String key = KnownHostTest.KEY;
        var network =
                network("known_hosts: [\"git.lan,[git.lan]:2222 %s me@here\"]\n".formatted(key));

        for (var each : List.of(network.prePlan(), network.postPlan(), network.outside())) {
            assertThat(each.knownHosts())
                    .extracting(KnownHost::line)
                    .containsExactly("git.lan,[git.lan]:2222 " + key);
        }
        assertThat(
                        fixture.problems(
                                        SMALL
                                                + "  network: {known_hosts: [\"@revoked * %s\"]}\n"
                                                        .formatted(key))
                                .toString())
                .contains("repositories[0].network.known_hosts[0]: has a marker");
    }

    @Test
    void knownHostsFitIntoOneFileOfTheGuest() {
        String line = "    - \"%s %s\"\n".formatted("h".repeat(60) + ".lan", KnownHostTest.RSA);
        assertThat(
                        fixture.problems(
                                        SMALL + "  network:\n    known_hosts:\n" + line.repeat(200))
                                .toString())
                .contains("repositories[0].network.known_hosts", "characters together");
    }
}
