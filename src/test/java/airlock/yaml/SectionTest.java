package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Problem.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SectionTest {
    private enum Colour {
        RED
    }

    @Setting.Group(title = "things")
    private record Things(
            @Setting String name,
            @Setting(or = "5 B", range = "1 to 10 GiB") long size,
            @Setting(name = "wait", range = "0s to 2h") Optional<Duration> waiting,
            @Setting(range = "0 to 3", type = "digit", bare = true) Optional<List<Long>> counts,
            @Setting(or = "{}", pattern = ".{0,2}", expected = "a short name")
                    Map<String, Boolean> flags,
            @Setting Optional<Colour> colour)
            implements Setting.Checked {
        @Override
        public void check(Values values) {
            if (name.equals("bad")) {
                values.place("name").error("is bad");
            }
        }

        @Override
        public String toString() {
            return name
                    + size
                    + waiting.map(Duration::toString).orElse("-")
                    + counts.orElse(List.of())
                    + flags
                    + colour.map(Colour::name).orElse("-");
        }
    }

    private static final Section<Things> SECTION =
            Binder.standard().with("digit", Scalars.integer(0, 9)).section(Things.class);

    private final Problems problems = new Problems("f.yaml");

    private Optional<String> read(String text, boolean strict) {
        Place top = strict ? problems.top() : problems.top().lenient();
        return new YamlReader(YamlLimits.HAND_WRITTEN)
                .read(text.getBytes(StandardCharsets.UTF_8), top)
                .flatMap(node -> SECTION.read(node, top))
                .map(Things::toString);
    }

    private List<String> errors() {
        return problems.listErrors().stream().map(Problem::toString).toList();
    }

    @Test
    void whatIsWrittenIsReadAndTheRestFallsBack() {
        assertThat(read("name: a", true)).contains("a5-[]{}-");
        assertThat(
                        read(
                                """
                                name: b
                                size: 1 GiB
                                wait: 2h
                                counts: 7
                                flags: {x: true, y: False}
                                colour: red
                                """,
                                true))
                .contains("b1073741824PT2H[7]{x=true, y=false}RED");
        assertThat(problems.errors()).isZero();
    }

    @Test
    void allProblemsAreFoundTogetherInTheOrderOfTheFile() {
        String text =
                """
                counts: [x, 12, true]
                siez: 4
                wait: 5
                flags: {long: true, z: 1}
                colour: rad
                """;
        assertThat(read(text, true)).isEmpty();
        assertThat(errors())
                .containsExactly(
                        "f.yaml:1:1: key 'name' is missing; expected a text",
                        "f.yaml:1:10: counts[0]: found a text ('x'); expected a whole number from 0"
                                + " to 9",
                        "f.yaml:1:13: counts[1]: '12' is too large; expected a whole number from 0"
                                + " to 9",
                        "f.yaml:1:17: counts[2]: found true or false ('true'); expected a whole"
                                + " number from 0 to 9",
                        "f.yaml:2:1: siez: unknown key; expected one of name, size, wait, counts,"
                                + " flags, colour (did you mean 'size'?)",
                        "f.yaml:3:7: wait: found a whole number ('5'), which needs a unit; expected"
                                + " a duration such as 30s, 10m or 2h, from 0s to 2h",
                        "f.yaml:4:9: flags.long: the name does not fit; expected a short name",
                        "f.yaml:4:24: flags.z: found a whole number ('1'); expected true or false",
                        "f.yaml:5:9: colour: unknown word 'rad'; expected red (did you mean"
                                + " 'red'?)");
    }

    @Test
    void leniencyMakesUnknownKeysWarningsAndNothingElse() {
        assertThat(read("name: a\nnmae: b\n", false)).contains("a5-[]{}-");
        assertThat(problems.listWarnings().getFirst())
                .isEqualTo(
                        new Problem(
                                Severity.WARNING,
                                "f.yaml",
                                new Position(2, 1),
                                "nmae",
                                "unknown key, ignored",
                                "one of name, size, wait, counts, flags, colour",
                                "name"));
        assertThat(read("name: 5\n", false)).isEmpty();
    }

    @Test
    void whatTheMakerReportsFailsTheSection() {
        assertThat(read("name: bad", true)).isEmpty();
        assertThat(errors()).containsExactly("f.yaml:1:7: name: is bad");
    }

    @Test
    void aSectionThatIsNoMappingSaysWhatItWouldBe() {
        assertThat(read("- a", true)).isEmpty();
        assertThat(errors().getFirst())
                .startsWith(
                        "f.yaml:1:1: found a list; expected a mapping with the keys name, size");
    }

    @Test
    void anEmptyFileIsAnEmptyMapping() {
        assertThat(read("", true)).isEmpty();
        assertThat(errors()).containsExactly("f.yaml:1:1: key 'name' is missing; expected a text");
    }

    @Test
    void listsHaveTheirLengthChecked() {
        assertThat(read("name: a\ncounts: [1, 2, 3, 4]\n", true)).isEmpty();
        assertThat(read("name: a\ncounts: []\n", true)).isEmpty();
        assertThat(errors())
                .containsExactly(
                        "f.yaml:2:9: counts: 0 items; expected 1 to 3",
                        "f.yaml:2:9: counts: 4 items; expected 1 to 3");
    }

    @Test
    void aFileFullOfErrorsShowsAHundredAndCountsAll() {
        read("name: a\n" + "k%d: 1\n".repeat(300).formatted(range(300)), true);
        assertThat(problems.listErrors()).hasSize(Problems.MOST);
        assertThat(problems.errors()).isEqualTo(300);
    }

    private static Object[] range(int size) {
        Object[] numbers = new Object[size];
        for (int i = 0; i < size; i++) {
            numbers[i] = i;
        }
        return numbers;
    }
}
