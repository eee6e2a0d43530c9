package airlock.vm;

import static airlock.vm.PlanCases.step;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestStep.Connect;
import airlock.vm.GuestStep.Execute;
import airlock.vm.GuestStep.Link;
import airlock.vm.GuestStep.MakeDirectory;
import airlock.vm.GuestStep.Pack;
import airlock.vm.GuestStep.Terminal;
import airlock.vm.GuestStep.WriteFile;
import airlock.vm.StepList.Encoding;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Steps that the guest would refuse are refused before it starts, with the step and the reason.
class StepListTest {
    @Test
    void theEnvironmentsOrderDoesNotMatter() {
        Map<String, String> backwards = new LinkedHashMap<>();
        for (var name : List.of("C", "B", "A")) {
            backwards.put(name, "1");
        }
        assertThat(encoded(execute("sh", backwards)))
                .isEqualTo(encoded(execute("sh", Map.of("A", "1", "B", "1", "C", "1"))));
    }

    @Test
    void tooManyStepsAreRefusedAsAWhole() {
        var steps = Collections.nCopies(StepList.MOST_STEPS + 1, step(new Link("a", "/b")));
        assertThat(StepList.encode(steps, GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(-1, "4097 steps, at most 4096"));
    }

    @Test
    void theStepThatIsTheCauseIsNamed() {
        var steps = List.of(step(new Link("a", "/b")), step(new Link("a", "b")));
        assertThat(StepList.encode(steps, GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(1, "a path is not absolute: 'b'"));
    }

    @Test
    void anArgumentThatLinuxWouldNotTakeIsRefused() {
        assertThat(refusal(execute("x".repeat(131_072), Map.of())))
                .isEqualTo("an argument has 131072 bytes, at most 131071");
        assertThat(encoded(execute("x".repeat(131_071), Map.of()))).isNotEmpty();
    }

    @Test
    void nulCharactersAreRefusedButInContent() {
        assertThat(refusal(execute("a\0b", Map.of()))).contains("NUL");
        assertThat(refusal(execute("sh", Map.of("A", "\0")))).contains("NUL");
        assertThat(refusal(new Link("\0", "/a"))).contains("NUL");
        assertThat(encoded(new WriteFile("/a", 0644, "\0", true))).isNotEmpty();
    }

    @Test
    void aProgramAndItsVariablesHaveNames() {
        assertThat(refusal(new Execute(List.of(), Map.of(), "/", ""))).isEqualTo("no program");
        assertThat(refusal(execute("", Map.of()))).isEqualTo("the program has no name");
        assertThat(refusal(execute("sh", Map.of("", "1")))).contains("variable's name");
        assertThat(refusal(execute("sh", Map.of("A=B", "1")))).contains("variable's name");
    }

    @Test
    void modesPathsAndDrivesHaveBounds() {
        assertThat(refusal(new MakeDirectory("/a", 04755, false)))
                .isEqualTo("mode 4755 is not within 0 to 0777");
        assertThat(refusal(new MakeDirectory("/" + "a".repeat(4095), 0755, false)))
                .isEqualTo("a path has 4096 bytes, at most 4095");
        assertThat(refusal(new Pack("/a", "/" + "d".repeat(255)))).contains("name of a drive");
        assertThat(refusal(new Pack("/a", "vdd"))).contains("not absolute");
        var packs = Collections.nCopies(17, step(new Pack("/a", "/dev/vdd")));
        assertThat(StepList.encode(packs, GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(16, "more than 16 drives to pack"));
    }

    @Test
    void thePlanAsAWholeHasABound() {
        var content = "x".repeat(5 << 20);
        var steps =
                IntStream.range(0, 4)
                        .mapToObj(i -> step(new WriteFile("/f" + i, 0644, content, false)))
                        .toList();
        assertThat(StepList.encode(steps, GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(3, "the plan is longer than 16777216 bytes"));
    }

    @Test
    void placesAndTokensHaveNamesAndBounds() {
        var many = Collections.nCopies(513, "a:1");
        assertThat(refusal(new Connect(many, List.of(), false, false)))
                .isEqualTo("more than 512 places to connect to");
        assertThat(refusal(new Connect(List.of(), Collections.nCopies(513, "a"), false, false)))
                .isEqualTo("more than 512 tokens");
        for (String name : List.of("", "a b", "a#", "a/b", "ä", "a\n", "x".repeat(64))) {
            assertThat(refusal(new Connect(List.of(), List.of(name), false, false)))
                    .isEqualTo("'" + name + "' is not a token's name");
        }
        assertThat(encoded(new Connect(List.of(), List.of("x".repeat(63)), false, false)))
                .isNotEmpty();
    }

    @Test
    void aTerminalIsTheLastStepAndItsVariablesHaveNames() {
        var terminal = step(new Terminal(Map.of(), false));
        assertThat(StepList.encode(List.of(terminal, terminal), GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(0, "a terminal is not the last step"));
        assertThat(refusal(new Terminal(Map.of("A=B", "1"), false))).contains("variable's name");
    }

    @Test
    void onlyProgramsHaveATimeLimitAndItHasBounds() {
        var program = step(execute("sh", Map.of()));
        for (var limit :
                List.of(
                        Duration.ZERO,
                        Duration.ofMillis(-1),
                        Duration.ofNanos(1),
                        Duration.ofMillis(StepList.MOST_MILLISECONDS + 1))) {
            assertThat(StepList.encode(List.of(program.within(limit)), GuestLimits.NONE))
                    .isEqualTo(
                            new Encoding.Refused(
                                    0, "a time limit is not within 1 ms to 4,294,967,295 ms"));
        }
        var link = step(new Link("a", "/b"));
        assertThat(link.within(Duration.ofSeconds(1))).isEqualTo(link);
        var timed =
                new Step(
                        "", new Link("a", "/b"), Step.When.PASSED, Optional.of(Duration.ofDays(1)));
        assertThat(StepList.encode(List.of(timed), GuestLimits.NONE))
                .isEqualTo(new Encoding.Refused(0, "a time limit of a step that is not a program"));
    }

    private static GuestStep execute(String program, Map<String, String> environment) {
        return new Execute(List.of(program), environment, "/", "");
    }

    private static byte[] encoded(GuestStep what) {
        return ((Encoding.Encoded) StepList.encode(List.of(step(what)), GuestLimits.NONE)).bytes();
    }

    private static String refusal(GuestStep what) {
        return ((Encoding.Refused) StepList.encode(List.of(step(what)), GuestLimits.NONE)).reason();
    }
}
