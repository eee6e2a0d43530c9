package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PhaseSecrets;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.results.PhaseKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a plan that was read by yesterday's configuration may still do under today's.
class PhaseOrderTest {
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");
    private static final SecretsConfig KEY_IN_PRE_PLAN =
            new SecretsConfig(
                    Set.of(Phase.PRE_PLAN),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());

    private static PhaseOrder order(Phase phase, String plan, PlanRules rules) {
        return order(phase, plan, rules, MAIN);
    }

    private static PhaseOrder order(Phase phase, String plan, PlanRules rules, Subject subject) {
        var reading =
                (PlanReading.Read)
                        new PlanReader()
                                .read(PlanFile.AIRLOCK, plan.getBytes(StandardCharsets.UTF_8));
        return new PhaseOrder(
                new PhaseKey(RunId.random(), 1, phase),
                reading.plan(),
                Path.of("/none"),
                new RepositoryId("forge", "1"),
                subject,
                TrustClass.LISTED,
                new PhaseSettings(
                        "debian-13",
                        rules,
                        Limits.STANDARD,
                        MAIN,
                        KEY_IN_PRE_PLAN,
                        NetworkConfig.NOTHING,
                        Destinations.NONE));
    }

    @Test
    void theImageIsThePlansWhereTheRepositoryMayHaveIt() {
        String plan = "{image: rust, plan: [{action: pwd}]}";

        assertThat(order(Phase.PLAN, "plan: []", PlanRules.STANDARD).image())
                .isEqualTo("debian-13");
        assertThat(order(Phase.PLAN, plan, new PlanRules(Set.of("rust"), true)))
                .returns("rust", PhaseOrder::image)
                .matches(order -> order.hindrance().isEmpty());
        assertThat(order(Phase.PLAN, plan, PlanRules.STANDARD).hindrance().orElseThrow())
                .contains("the plan's image 'rust'", "`images` of the repository");
        assertThat(order(Phase.PLAN, "image: debian-13", PlanRules.STANDARD).hindrance()).isEmpty();
    }

    @Test
    void t2AMergeGroupHasNoSecretsWhateverItsClass() {
        var group =
                Subject.MergeGroup.of("refs/heads/gh-readonly-queue/main/pr-7-" + "a".repeat(40));
        assertThat(order(Phase.PRE_PLAN, "plan: []", PlanRules.STANDARD).secrets())
                .isNotEqualTo(PhaseSecrets.NOTHING);
        assertThat(order(Phase.PRE_PLAN, "plan: []", PlanRules.STANDARD, group).secrets())
                .isEqualTo(PhaseSecrets.NOTHING);
    }

    @Test
    void theCommitsCodeRunsInTrustedPhasesOnlyWhileThatIsLet() {
        var none = new PlanRules(Set.of(), false);
        for (Phase phase : Phase.values()) {
            String plan = phase.key() + ": [{action: shell, shell: x}]";
            assertThat(order(phase, plan, none).hindrance().isPresent())
                    .isEqualTo(phase != Phase.PLAN);
            assertThat(order(phase, plan, PlanRules.STANDARD).hindrance()).isEmpty();
        }
        assertThat(order(Phase.PRE_PLAN, "pre_plan: [{action: pwd}]", none).hindrance()).isEmpty();
    }
}
