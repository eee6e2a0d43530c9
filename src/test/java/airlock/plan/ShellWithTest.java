package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.GuestStep.Execute;
import airlock.vm.Step;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which program runs the text of a `shell`.
class ShellWithTest {
    private static final String LINES = "one\ntwo\n";

    private static List<Step> steps(Phase phase, String more) {
        String text =
                "%s:\n- action: shell\n  shell: |\n    one\n    two\n%s"
                        .formatted(phase.key(), more);
        return PhaseSteps.of(plan(PlanFile.AIRLOCK, text), phase).actions();
    }

    private static List<String> argv(Step step) {
        return ((Execute) step.what()).argv();
    }

    @Test
    void bashRunsItWithWhatAmbientPutsFirst() {
        assertThat(steps(Phase.PLAN, "  with: bash\n")).isEqualTo(steps(Phase.PLAN, ""));
        assertThat(argv(steps(Phase.PLAN, "").getFirst()))
                .containsExactly("bash", "-c", "BASH_XTRACEFD=99; set -xeuo pipefail\n" + LINES);
    }

    @Test
    void shKnowsNoPipefail() {
        assertThat(argv(steps(Phase.PLAN, "  with: sh\n").getFirst()))
                .containsExactly("sh", "-c", "set -xeu\n" + LINES);
    }

    @Test
    void otherProgramsGetAFileOutsideOfWhatIsPacked() {
        var steps = steps(Phase.PLAN, "  with: python3\n");

        assertThat(steps)
                .extracting(Step::title)
                .containsExactly("write the text for python3", "one");
        assertThat(steps.getFirst().what())
                .isEqualTo(new GuestStep.WriteFile(ShellAction.FILE, 0700, LINES, true));
        assertThat(ShellAction.FILE).doesNotStartWith("/ci");
        assertThat(argv(steps.getLast())).containsExactly("python3", ShellAction.FILE);
    }

    @TempDir Path folder;

    @Test
    void whateverTheProgramIsItHasItsSecretsAndNoStepShowsThem() throws Exception {
        Files.writeString(folder.resolve("PASSWORD"), "geheim");
        for (String program : List.of("sh", "perl")) {
            String text =
                    program.equals("sh") ? "echo \"=$PASSWORD\"" : "print \"=$ENV{PASSWORD}\\n\"";
            var steps =
                    new ShellAction(text, program, List.of("PASSWORD")).lower(StepContext.FIRST);
            Path file = folder.resolve("text");
            Files.writeString(file, text);
            var argv =
                    argv(steps.getLast()).stream()
                            .map(word -> word.replace("/ci/secrets", folder.toString()))
                            .map(word -> word.replace(ShellAction.FILE, file.toString()))
                            .toList();
            var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said).contains("=geheim");
            assertThat(steps.toString()).doesNotContain("geheim");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bin/sh",
                "../sh",
                "-c",
                "'python3 -c'",
                "'bash\\n'",
                "\"ba\\0sh\"",
                "''",
                "\"\\u202esh\"",
                "ä",
                "'$(id)'",
                "3",
                "true",
                "[sh]",
                "{}",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void whateverElseIsNoProgram(String with) {
        assertThat(
                        only(
                                problems(
                                        PlanFile.AIRLOCK,
                                        "plan: [{action: shell, shell: x, with: " + with + "}]")))
                .contains("plan[0].with", "a program's name, such as sh or python3");
    }

    @Test
    void inAmbientsFileItIsAnUnknownKeyAndBashRunsIt() {
        String text = "plan:\n- {action: shell, shell: x, with: python3}\n";
        var reading = (PlanReading.Read) PlanFixture.read(PlanFile.AMBIENT, text);

        assertThat(only(reading.warnings())).contains("with: unknown key, ignored");
        assertThat(reading.plan().actionsOf(Phase.PLAN)).containsExactly(PlanFixture.shell("x"));
    }
}
