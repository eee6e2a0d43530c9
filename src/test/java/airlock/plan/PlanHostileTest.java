package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.yaml.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanHostileTest {
    private static final String GOOD =
            """
            artifact_max_size: 1000000
            cache_max_size: 0x10
            pre_plan:
            - action: pwd
            plan:
            - action: setenv
              set: &vars {A: "a\\tb", B: ''}
            - action: mkdir
              pathname: build
            - &sh
              action: shell
              shell: |
                make
                make check
            - *sh
            - {action: setenv, set: *vars}
            post_plan: ~
            """;

    @Test
    void warningsLeaveRoomForTheErrorThatMakesTheFileInvalid() {
        var text = new StringBuilder("env:\n");
        IntStream.range(0, 300)
                .forEach(
                        i -> text.append("  A").append(i).append(": glpat-abcdefghij0123456789\n"));
        text.append("plam: []\n");

        var reading =
                new PlanReader()
                        .read(PlanFile.AIRLOCK, text.toString().getBytes(StandardCharsets.UTF_8));

        var invalid = (PlanReading.Invalid) reading;
        assertThat(invalid.summary()).contains("plam: unknown key").contains("did you mean");
        assertThat(invalid.warnings()).hasSize(100);
    }

    @Test
    void tenThousandMutationsGetAPlanThatCanBeLoweredOrReasons() {
        var random = new Random(20_260_102);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        int plans = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = Mutations.of(good, random);
            PlanFile file = i % 2 == 0 ? PlanFile.AIRLOCK : PlanFile.AMBIENT;
            switch (new PlanReader().read(file, bytes)) {
                case PlanReading.Read read -> {
                    plans++;
                    for (Phase phase : Phase.values()) {
                        assertThat(PhaseSteps.of(read.plan(), phase).isEmpty())
                                .isEqualTo(read.plan().actionsOf(phase).isEmpty());
                    }
                }
                case PlanReading.Invalid invalid -> assertThat(invalid.problems()).isNotEmpty();
                case PlanReading.Absent _ -> throw new AssertionError("absent");
            }
        }
        assertThat(plans).as("mutations that are still plans").isBetween(100, 9_900);
    }

    @Test
    void namesOfOthersLoseTheirPowerInProblems() {
        var reading = PlanFixture.read(PlanFile.AIRLOCK, "\"a\\e[31m\\u202Eb\": 1\n");
        assertThat(((PlanReading.Invalid) reading).summary())
                .startsWith(".airlock.yaml:1:1: a�[31m�b: unknown key");
    }
}
