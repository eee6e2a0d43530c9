package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseSecrets;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.Subject;
import airlock.yaml.Binder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A plan that was read under an earlier configuration has to keep to the current one.
class PhaseOrderTest {
    private static final SecretsConfig KEY_IN_PRE_PLAN =
            new SecretsConfig(
                    Set.of(Phase.PRE_PLAN),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of());

    private static PhaseOrder order(Phase phase, String plan, PlanRules rules) {
        return TestOrders.order(phase, plan, Map.of("rules", rules, "secrets", KEY_IN_PRE_PLAN));
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
        var order = order(Phase.PRE_PLAN, "plan: []", PlanRules.STANDARD);
        assertThat(order.secrets()).isNotEqualTo(PhaseSecrets.NOTHING);
        assertThat(Binder.changed(order, Map.of("subject", group)).secrets())
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
