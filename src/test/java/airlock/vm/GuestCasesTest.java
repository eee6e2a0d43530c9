package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.StepList.Encoding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The Java side of the table that the guest program's own tests read too.
class GuestCasesTest {
    private static final int STEPS = 4;

    static Stream<GuestCase> records() {
        return GuestCase.read("records.case").stream();
    }

    static Stream<GuestCase> plans() {
        return GuestCase.read("plan.case").stream()
                .filter(one -> !one.want().getFirst().startsWith("refused"));
    }

    static Stream<GuestCase> hostLines() {
        return GuestCase.read("host-line.case").stream()
                .filter(one -> one.want().getFirst().startsWith("line"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void recordsAreReadAsTheTableSays(GuestCase one) {
        List<String> lines = RecordLines.of(one.bytes(), STEPS);
        int last = one.want().size() - 1;
        String bad = one.wanted("bad");
        if (bad.isEmpty()) {
            assertThat(lines).isEqualTo(one.want());
        } else {
            assertThat(lines.subList(0, last)).isEqualTo(one.want().subList(0, last));
            assertThat(lines.getLast()).startsWith("bad ").contains(bad);
        }
    }

    @Test
    void noMutationOfRecordsMakesTheReaderThrowOrGoOn() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261124);
        for (GuestCase one : GuestCase.read("records.case")) {
            for (int round = 0; one.bytes().length > 0 && round < 100; round++) {
                List<String> lines = RecordLines.of(mutated(one.bytes(), random), STEPS);
                assertThat(lines.getLast()).as(one.name()).matches("(?s)end|bad .+");
            }
        }
    }

    private static byte[] mutated(byte[] bytes, RandomGenerator random) {
        byte[] copy = bytes.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            // most bytes of the large ones are content; the fields are at the front
            int at = random.nextInt(Math.min(copy.length, 200));
            copy[at] = (byte) (random.nextBoolean() ? random.nextInt() : copy[at] ^ 0x80);
        }
        return copy;
    }

    @ParameterizedTest
    @MethodSource("plans")
    void plansAreWrittenAsTheTableSays(GuestCase one) {
        assertThat(PlanCases.STEPS).containsKey(one.name());
        assertThat(
                        StepList.encode(
                                PlanCases.STEPS.getOrDefault(one.name(), List.of()),
                                PlanCases.LIMITS))
                .isInstanceOfSatisfying(
                        Encoding.Encoded.class,
                        encoded -> assertThat(encoded.bytes()).isEqualTo(one.bytes()));
    }

    @Test
    void everyPlanWrittenHereIsInTheTable() {
        assertThat(plans().map(GuestCase::name).collect(Collectors.toSet()))
                .isEqualTo(PlanCases.STEPS.keySet());
    }

    @ParameterizedTest
    @MethodSource("hostLines")
    void hostLinesAreWrittenAsTheTableSays(GuestCase one) {
        String[] words = one.want().getFirst().split(" ", -1);
        var time = Instant.ofEpochSecond(Long.parseLong(words[1]), Long.parseLong(words[2]));
        var word = words[0].equals("line") ? HostLine.Word.RUN : HostLine.Word.REHEARSE;
        var line = new HostLine(word, time, HexFormat.of().parseHex(words[3]));
        assertThat(new String(line.encode(), StandardCharsets.US_ASCII))
                .isEqualTo(new String(one.bytes(), StandardCharsets.US_ASCII) + "\n");
    }
}
