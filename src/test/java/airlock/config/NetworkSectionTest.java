package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseNetwork.Mode;
import airlock.event.Phase;
import airlock.event.TrustClass;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkSectionTest {
    @TempDir Path directory;
    private ConfigFixture fixture = new ConfigFixture(Path.of("."));

    @BeforeEach
    void makeFixture() {
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
                    .isEqualTo(new NetworkCaps(java.util.Set.of(443, 8443), 7, 1 << 20));
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
                .contains("repositories[0].network.pre_plan.allow[1]", "names no host")
                .contains("repositories[0].network.plan", "unknown key");
    }
}
