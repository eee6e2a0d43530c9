package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.DestinationsFixture;
import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.vm.Step.When;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The keys that every action of Airlock's own file may have.
class ArrangedActionTest {
    private static List<Step> steps(Phase phase, String actions) {
        var plan = plan(PlanFile.AIRLOCK, phase.key() + ": [" + actions + "]");
        return PhaseSteps.of(plan, phase, Optional.empty(), DestinationsFixture.ALL, Map.of())
                .actions();
    }

    private static List<String> problem(String action) {
        return problems(PlanFile.AIRLOCK, "plan: [" + action + "]");
    }

    @Test
    void anActionIsCalledByItsNameEndedByItsTimeoutAndRunsByItsCondition() {
        var steps =
                steps(
                        Phase.PLAN,
                        "{action: shell, shell: make, name: tests, timeout: 90s, if: failed}");

        assertThat(steps).hasSize(1);
        assertThat(steps.getFirst().title()).isEqualTo("tests");
        assertThat(steps.getFirst().timeout()).contains(Duration.ofSeconds(90));
        assertThat(steps.getFirst().when()).isEqualTo(When.FAILED);
    }

    @Test
    void whatAnActionDoesIsTheSame() {
        for (String own : List.of("action: shell, shell: make", "action: mkdir, pathname: x")) {
            assertThat(steps(Phase.PLAN, "{" + own + ", name: a, timeout: 1h, if: always}"))
                    .extracting(Step::what)
                    .isEqualTo(
                            steps(Phase.PLAN, "{" + own + "}").stream().map(Step::what).toList());
        }
    }

    /// A method that is not delegated would forget properties of the action, such as that it runs
    /// code of the commit.
    @Test
    void itAnswersForTheActionWhateverIsAsked() {
        assertThat(ArrangedAction.class.getDeclaredMethods())
                .extracting(Method::getName)
                .containsAll(
                        Stream.of(Action.class.getDeclaredMethods()).map(Method::getName).toList());
        var plan =
                plan(
                        PlanFile.AIRLOCK,
                        "pre_plan: [{action: pip_download, allow_sdist: true, timeout: 1h}]");
        assertThat(plan.runsCommit(Phase.PRE_PLAN)).isTrue();
    }

    @Test
    void whatIsSaidOfNothingIsAsItWasBefore() {
        assertThat(steps(Phase.PLAN, "{action: shell, shell: make, if: passed}"))
                .isEqualTo(steps(Phase.PLAN, "{action: shell, shell: make}"))
                .allMatch(step -> step.timeout().isEmpty() && step.when() == When.PASSED);
    }

    @Test
    void theStepsOfAnActionStandAndFallTogether() {
        var steps =
                steps(
                        Phase.PRE_PLAN,
                        "{action: http_get, name: data, timeout: 5m, if: always, items: ["
                                + "{url: 'https://a.example/', filename: a},"
                                + "{url: 'https://a.example/', filename: b}]}");

        assertThat(steps)
                .extracting(Step::title)
                .containsExactly("data: http_get a", "data: http_get b");
        assertThat(steps).extracting(Step::when).containsExactly(When.ALWAYS, When.FOLLOWS);
        assertThat(steps)
                .allMatch(step -> step.timeout().equals(Optional.of(Duration.ofMinutes(5))));
    }

    @Test
    void onlyProgramsAreTimed() {
        var step = steps(Phase.PLAN, "{action: mkdir, pathname: x, timeout: 1s}").getFirst();

        assertThat(step.what()).isInstanceOf(GuestStep.MakeDirectory.class);
        assertThat(step.timeout()).isEmpty();
    }

    @Test
    void noConditionLetsAnActionRunWhereSettingUpOrPackingDoesNot() {
        var all =
                PhaseSteps.of(
                        plan(PlanFile.AIRLOCK, "plan: [{action: pwd, if: always}]"), Phase.PLAN);

        assertThat(all.before()).isNotEmpty().allMatch(step -> step.when() == When.SET_UP);
        assertThat(all.after()).isNotEmpty().allMatch(step -> step.when() == When.PASSED);
        assertThat(all.waitingForPerson().all().getLast().when()).isEqualTo(When.ALWAYS);
    }

    @Test
    void theNameOfACustomProgramStaysTheProgram() {
        var step = steps(Phase.PLAN, "{action: custom, name: notes, if: always}").getFirst();

        assertThat(step.title()).isEqualTo("custom notes");
        assertThat(step.when()).isEqualTo(When.ALWAYS);
    }

    @Test
    void whatRunsOnlyAfterAFailureSetsNothingForThePlan() {
        for (String when : List.of("failed", "always")) {
            String text = "plan: [{action: pwd}]\npre_plan: [{action: dummy, if: " + when + "}]";
            var step = PhaseSteps.of(plan(PlanFile.AIRLOCK, text), Phase.PLAN).actions().getFirst();
            assertThat(((GuestStep.Execute) step.what()).environment().containsKey("DUMMY"))
                    .isEqualTo(when.equals("always"));
        }
    }

    @Test
    void setenvHoldsWhateverCameBefore() {
        assertThat(only(problem("{action: setenv, set: {A: b}, if: failed}")))
                .contains("plan[0].if", "the variables of 'setenv' are set in any case");
        assertThat(steps(Phase.PLAN, "{action: setenv, set: {A: b}, name: x, timeout: 1s}"))
                .isEmpty();
    }

    @Test
    void wrongValuesAreNamedWithTheirPlace() {
        String shell = "{action: shell, shell: make, %s}";
        assertThat(only(problem(shell.formatted("timeout: 5"))))
                .contains("plan[0].timeout", "a unit");
        for (String value :
                List.of("0s", "8d", "99999999999999999999h", "-1s", "true", "[1s]", "")) {
            assertThat(problem(shell.formatted("timeout: " + value)))
                    .as(value)
                    .singleElement()
                    .asString()
                    .contains("plan[0].timeout", "from 1s to 7d");
        }
        for (String value :
                List.of("1", "true", "{}", "\"\"", "\" \"", "\"a\\nb\"", "\"\\e[31m\"")) {
            assertThat(problem(shell.formatted("name: " + value)))
                    .as(value)
                    .singleElement()
                    .asString()
                    .contains("plan[0].name");
        }
        assertThat(only(problem(shell.formatted("name: " + "x".repeat(81)))))
                .contains("at most 80 characters");
        assertThat(only(problem(shell.formatted("if: allways"))))
                .contains("unknown word 'allways'", "did you mean 'always'?");
        for (String value : List.of("true", "[failed]", "{}", "1")) {
            assertThat(problem(shell.formatted("if: " + value))).hasSize(1);
        }
    }

    @Test
    void aSlipIsToldWithWhatWasMeant() {
        assertThat(only(problem("{action: pwd, timeuot: 5s}")))
                .contains("plan[0].timeuot: unknown key", "did you mean 'timeout'?");
    }

    @Test
    void inAmbientsFileTheyAreUnknownKeysAndMeanNothing() {
        String text = "plan:\n- {action: mkdir, pathname: x, name: a, timeout: 5s, if: never}\n";
        var reading = (PlanReading.Read) PlanFixture.read(PlanFile.AMBIENT, text);

        assertThat(reading.warnings())
                .hasSize(3)
                .allMatch(problem -> problem.toString().contains("unknown key, ignored"));
        assertThat(reading.plan().actionsOf(Phase.PLAN))
                .containsExactly(PlanFixture.action("mkdir, pathname: x"));
    }
}
