package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.vm.GuestStep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With Debian's shellcheck on this machine, as it is in an image.
class ShellTextsTest {
    private static final String PLAN =
            """
            plan:
              - action: pwd
              - action: shell
                name: tell
                shell: |
                  echo fine
                  echo $HOME:2
              - action: shell
                with: python3
                shell: print(a b)
              - {action: shell, shell: 'cd "$1"'}
            """;

    @TempDir Path directory;

    private static PhaseSteps steps(String text) {
        var plan = PlanFixture.plan(PlanFile.AIRLOCK, text);
        return PhaseSteps.of(plan, Phase.PLAN).checkingShells(plan, Phase.PLAN);
    }

    private ScriptRun run(String text, String program) throws Exception {
        Path there = Files.createDirectories(directory.resolve("bin"));
        if (!program.isEmpty()) {
            Files.writeString(
                    Files.createFile(
                            there.resolve("shellcheck"),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwxr-xr-x"))),
                    program);
        }
        var step = (GuestStep.Execute) steps(text).actions().getFirst().what();
        return ScriptRun.of(
                "shellcheck", List.of(), step.stdin(), Map.of("PATH", there + ":/usr/bin:/bin"));
    }

    @Test
    void whatIsFoundStandsByItsPlaceInThePlanAndOnlyTextsForBashAreLookedAt() throws Exception {
        assertThat(run(PLAN, "").passed().lines())
                .containsExactly(
                        "plan[1].shell, line 2, column 6: note: Double quote to prevent globbing"
                                + " and word splitting. [SC2086]");
    }

    @Test
    void aShellcheckThatFailsOrRavesIsToldOfAndStopsNothing() throws Exception {
        var run = run(PLAN, "#!/bin/sh\ncat >/dev/null; echo no:idea >&2; exit 9\n");

        assertThat(run.code()).isZero();
        assertThat(run.output().lines())
                .containsExactly("plan[1].shell: no idea  ", "plan[3].shell: no idea  ");
    }

    @Test
    void theStepComesBeforeTheActionsAndIsOneOnlyWhereThereAreTexts() {
        assertThat(steps(PLAN).actions())
                .hasSize(steps("plan: [{action: pwd}]").actions().size() + 5);
        assertThat(steps(PLAN).actions().getFirst().title())
                .isEqualTo("look at shell actions with shellcheck");
        assertThat(steps("plan: [{action: pwd}]").actions()).hasSize(1);
    }

    @Test
    void moreTextThanIsLookedAtIsLeftOut() {
        String long_ =
                "plan:\n"
                        + "  - {action: shell, shell: '%s'}\n"
                                .formatted("a".repeat(60000))
                                .repeat(6);

        var step = (GuestStep.Execute) steps(long_).actions().getFirst().what();

        assertThat(step.stdin()).hasSizeBetween(200_000, 1 << 18);
    }
}
