package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Glob;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.plan.CacheRule.Writers;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArchiveRulesTest {
    private static PlanSettings settings(String text) {
        return plan(PlanFile.AIRLOCK, text).settings();
    }

    @Test
    void allOfItIsRead() {
        assertThat(settings("{reuse: false, cache: {}, artifacts: {}}"))
                .isEqualTo(PlanSettings.none());
        var read =
                settings(
                        """
                        reuse: true
                        cache: {name: go-build, key: [go.sum, "**/go.sum"], write: listed}
                        artifacts: {paths: ["dist/**", "*.txt"], keep: 12h}
                        """);
        assertThat(read.reuse()).isTrue();
        assertThat(read.cache())
                .isEqualTo(
                        new CacheRule(
                                Optional.of("go-build"),
                                Optional.of(List.of(new Glob("go.sum"), new Glob("**/go.sum"))),
                                Writers.LISTED));
        assertThat(read.artifacts())
                .isEqualTo(
                        new ArtifactRule(
                                Optional.of(List.of(new Glob("dist/**"), new Glob("*.txt"))),
                                Optional.of(Duration.ofHours(12))));
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        for (String wrong :
                List.of(
                        "cache: {name: ../up}",
                        "cache: {name: A}",
                        "cache: {key: []}",
                        "cache: {key: [/etc/passwd]}",
                        "cache: {write: everybody}",
                        "artifacts: {paths: []}",
                        "artifacts: {paths: [dist/]}",
                        "artifacts: {keep: 0s}",
                        "reuse: yes",
                        "cache: {keys: [a]}")) {
            assertThat(problems(PlanFile.AIRLOCK, wrong + "\n"))
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .startsWith(".airlock.yaml:1:");
        }
        assertThat(problems(PlanFile.AMBIENT, "reuse: true\n")).hasSize(1);
    }

    @Test
    void whoMayLeaveACache() {
        assertThat(
                        Arrays.stream(Writers.values())
                                .map(
                                        writers ->
                                                Arrays.stream(TrustClass.values())
                                                        .filter(writers::have)
                                                        .toList()))
                .containsExactly(
                        Arrays.asList(TrustClass.values()),
                        Arrays.stream(TrustClass.values())
                                .filter(trust -> trust != TrustClass.OUTSIDE)
                                .toList(),
                        List.of(TrustClass.LISTED),
                        List.of());
    }

    @Test
    void planShowTellsOfIt() {
        String text =
                """
                reuse: true
                cache: {name: go, key: [go.sum]}
                artifacts: {paths: [dist/**], keep: 1h}
                """;
        assertThat(new PlanText(plan(PlanFile.AIRLOCK, text)).text())
                .contains("reuse: pre_plan is not run")
                .contains("cache: go, found by [go.sum], left for later runs by all")
                .contains("artifacts: [dist/**], kept 3600 s");
        assertThat(new PlanText(plan(PlanFile.AIRLOCK, "")).text())
                .doesNotContain("reuse", "cache: ", "artifacts: ");
    }

    private static List<String> after(Phase phase, String artifacts) {
        String text = "{artifacts: %s, %s: [{action: pwd}]}".formatted(artifacts, phase.key());
        return PhaseSteps.of(plan(PlanFile.AIRLOCK, text), phase).after().stream()
                .map(Step::title)
                .toList();
    }

    @Test
    void whatIsNotWantedIsRemovedBeforeItIsPackedAndOnlyInPlan() {
        String paths = "{paths: [dist/**]}";
        assertThat(after(Phase.PLAN, paths).getFirst()).contains("artifacts.paths");
        assertThat(after(Phase.PLAN, "{keep: 1h}").getFirst()).startsWith("pack");
        assertThat(after(Phase.PRE_PLAN, paths).getFirst()).startsWith("pack");
        assertThat(after(Phase.POST_PLAN, paths)).isEmpty();

        var step =
                PhaseSteps.of(
                                plan(
                                        PlanFile.AIRLOCK,
                                        "{env: {LD_PRELOAD: /ci/src/x}, artifacts: "
                                                + paths
                                                + ", plan: [{action: pwd}]}"),
                                Phase.PLAN)
                        .after()
                        .getFirst();
        assertThat(((GuestStep.Execute) step.what()).environment())
                .as("apart from the plan")
                .isEqualTo(Script.ENVIRONMENT);
    }
}
