package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.TrustClass;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The secrets of each phase of each run (T2).
class SecretsConfigTest {
    private static final Set<Phase> BOTH = Set.of(Phase.PRE_PLAN, Phase.POST_PLAN);
    private static final SecretsConfig EVERYTHING = everything(Set.of(Phase.values()));

    private static AgentKey key(String name, Set<Phase> phases, boolean fetch) {
        return new AgentKey(
                name, List.of("git"), List.of(new HostName("git.example")), 100, phases, fetch);
    }

    private static ProxyToken token(String name, Set<Phase> phases, boolean fetch) {
        return new ProxyToken(
                name,
                new ProxyToken.Target(new HostName("registry.example"), 443),
                "/",
                "Authorization",
                "Bearer {}",
                Set.of("GET"),
                Optional.empty(),
                phases,
                fetch);
    }

    private static SecretsConfig everything(Set<Phase> phases) {
        return new SecretsConfig(
                phases,
                List.of(key("plain", phases, false), key("fetching", phases, true)),
                Optional.of(
                        new CertificateWay(
                                phases,
                                List.of("www-data"),
                                Duration.ofMinutes(10),
                                new CertificateWay.Restriction(Optional.empty(), Optional.empty()),
                                Optional.of("ca"),
                                Optional.empty())),
                List.of(token("plain", phases, false), token("fetching", phases, true)),
                List.of(new NamedSecret("dput.cf", phases)),
                List.of(new NamedSecret("PASSWORD", phases)));
    }

    private static List<String> keys(PhaseSecrets secrets) {
        return secrets.agent().stream().map(AgentKey::key).toList();
    }

    private static List<String> tokens(PhaseSecrets secrets) {
        return secrets.tokens().stream().map(ProxyToken::name).toList();
    }

    @Test
    void t2EachPhaseOfEachRunGetsWhatItsClassMayHaveAndNothingElse() {
        // the record is made by hand, with what no configuration can say: secrets of the plan
        for (TrustClass trust : TrustClass.values()) {
            for (Phase phase : Phase.values()) {
                var got = EVERYTHING.of(phase, trust);
                boolean listed = trust == TrustClass.LISTED && phase != Phase.PLAN;
                boolean fetches = trust == TrustClass.INSIDE && phase == Phase.PRE_PLAN;
                String which = trust + " " + phase;
                assertThat(got.fillsDrive()).as(which).isEqualTo(listed);
                assertThat(got.driveKey()).as(which).isEqualTo(listed);
                assertThat(got.certificate().isPresent()).as(which).isEqualTo(listed);
                assertThat(got.files()).as(which).hasSize(listed ? 1 : 0);
                assertThat(got.variables()).as(which).hasSize(listed ? 1 : 0);
                List<String> used =
                        listed
                                ? List.of("plain", "fetching")
                                : fetches ? List.of("fetching") : List.of();
                assertThat(keys(got)).as(which).isEqualTo(used);
                assertThat(tokens(got)).as(which).isEqualTo(used);
                if (!listed && !fetches) {
                    assertThat(got).as(which).isEqualTo(PhaseSecrets.NOTHING);
                }
            }
        }
    }

    @Test
    void aListedRunsPhaseGetsWhatNamesIt() {
        var post = everything(Set.of(Phase.POST_PLAN));
        var after = post.of(Phase.POST_PLAN, TrustClass.LISTED);
        assertThat(after.driveKey()).isTrue();
        assertThat(keys(after)).containsExactly("plain", "fetching");
        var before = post.of(Phase.PRE_PLAN, TrustClass.LISTED);
        assertThat(before.fillsDrive()).isFalse();
        assertThat(keys(before)).containsExactly("fetching");
        assertThat(tokens(before)).containsExactly("fetching");
        assertThat(everything(BOTH).of(Phase.PRE_PLAN, TrustClass.LISTED).fillsDrive()).isTrue();
    }

    @Test
    void whatAPhaseWritesIsPrivateUnlessItOnlyHadAnAgent() {
        for (TrustClass trust : TrustClass.values()) {
            for (Phase phase : Phase.values()) {
                var got = EVERYTHING.of(phase, trust);
                assertThat(got.makesPrivate())
                        .isEqualTo(got.fillsDrive() || !got.tokens().isEmpty());
            }
        }
        var agent =
                new SecretsConfig(
                        Set.of(),
                        List.of(key("deploy", BOTH, true)),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of());
        assertThat(agent.of(Phase.POST_PLAN, TrustClass.LISTED).makesPrivate()).isFalse();
    }
}
