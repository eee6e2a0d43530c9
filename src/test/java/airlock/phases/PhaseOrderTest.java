package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
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
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a plan that was read by yesterday's configuration may still do under today's.
class PhaseOrderTest {
    private static PhaseOrder order(Phase phase, String plan, PlanRules rules) {
        var reading =
                (PlanReading.Read)
                        new PlanReader()
                                .read(PlanFile.AIRLOCK, plan.getBytes(StandardCharsets.UTF_8));
        var main = new Subject.Branch("refs/heads/main");
        return new PhaseOrder(
                new PhaseKey(RunId.random(), 1, phase),
                reading.plan(),
                Path.of("/none"),
                new RepositoryId("forge", "1"),
                main,
                TrustClass.LISTED,
                new PhaseSettings(
                        "debian-13",
                        rules,
                        Limits.standard(),
                        main,
                        SecretsConfig.NOTHING,
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
