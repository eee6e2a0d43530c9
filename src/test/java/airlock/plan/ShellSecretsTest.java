package airlock.plan;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.vm.GuestStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Variables that an action names: who may, and what bash makes of it.
class ShellSecretsTest {
    @TempDir Path folder;

    private static PlanReading read(PlanFile file, Phase phase, String secrets) {
        String text =
                "%s:\n- action: shell\n  shell: upload\n  secrets: %s\n"
                        .formatted(phase.key(), secrets);
        return PlanFixture.read(file, text);
    }

    private static String problem(PlanReading reading) {
        return switch (reading) {
            case PlanReading.Invalid invalid -> invalid.summary();
            case PlanReading.Read _, PlanReading.Absent _ -> throw new AssertionError(reading);
        };
    }

    @Test
    void anActionOfATrustedPhaseNamesThem() {
        for (Phase phase : List.of(Phase.PRE_PLAN, Phase.POST_PLAN)) {
            assertThat(read(PlanFile.AIRLOCK, phase, "[PASSWORD, _B2]"))
                    .isInstanceOfSatisfying(
                            PlanReading.Read.class,
                            read ->
                                    assertThat(read.plan().actionsOf(phase))
                                            .containsExactly(
                                                    PlanFixture.shell(
                                                            "upload", "PASSWORD", "_B2")));
        }
    }

    @Test
    void oneOfThePlanNeverDoes() {
        assertThat(problem(read(PlanFile.AIRLOCK, Phase.PLAN, "[PASSWORD]")))
                .isEqualTo(
                        ".airlock.yaml:4:3: plan[0].secrets: the machine of plan never has a"
                                + " secret; only pre_plan and post_plan can");
        assertThat(read(PlanFile.AIRLOCK, Phase.PLAN, "[]")).isInstanceOf(PlanReading.Read.class);
    }

    @Test
    void inAmbientsFileTheKeyIsUnknownAndIgnoredAsAmbientIgnoresIt() {
        assertThat(read(PlanFile.AMBIENT, Phase.PLAN, "[PASSWORD]"))
                .isInstanceOfSatisfying(
                        PlanReading.Read.class,
                        read -> {
                            assertThat(only(read.warnings())).contains("secrets");
                            assertThat(read.plan().actionsOf(Phase.PLAN).getFirst().secrets())
                                    .isEmpty();
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "['A; rm -rf /']",
                "['$(id)']",
                "['../../etc/shadow']",
                "['']",
                "['A-B']",
                "['1A']",
                "['A\u00e4']"
            })
    void aNameThatIsNoVariableIsRefused(String secrets) {
        assertThat(problem(read(PlanFile.AIRLOCK, Phase.POST_PLAN, secrets)))
                .contains("does not fit");
    }

    private String bash(ShellAction action) throws Exception {
        var step = (GuestStep.Execute) action.lower(StepContext.FIRST).getFirst().what();
        var argv =
                step.argv().stream()
                        .map(word -> word.replace("/ci/secrets", folder.toString()))
                        .toList();
        assertThat(String.join(" ", argv)).doesNotContain("hunter2");
        var traced = new ArrayList<>(List.of("bash", "-c", "exec \"$@\" 99>&2", "bash"));
        traced.addAll(argv);
        var process = new ProcessBuilder(traced).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + "= " + process.waitFor();
    }

    @Test
    void bashHasItInTheEnvironmentAndShowsNothingOfWhereItCameFrom() throws Exception {
        Files.writeString(folder.resolve("PASSWORD"), "hunter2 'with' \"signs\" $(id)\nand lines");
        var action =
                PlanFixture.shell("set +x\nenv | grep -A1 ^PASSWORD=\nset -x\ntrue", "PASSWORD");
        assertThat(bash(action))
                .isEqualTo(
                        """
                        + set +x
                        PASSWORD=hunter2 'with' "signs" $(id)
                        and lines
                        + true
                        = 0\
                        """);
    }

    @Test
    void whereThePhaseHasNoneTheActionFailsAndSaysSo() throws Exception {
        assertThat(bash(PlanFixture.shell("echo never", "PASSWORD")))
                .isEqualTo("this phase of this run has no secret PASSWORD\n= 1");
    }
}
