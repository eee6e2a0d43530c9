package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BinderTest {
    private enum Colour {
        RED,
        DARK_BLUE
    }

    @Setting.Group(title = "things.NAME", about = "A thing.")
    private record Thing(
            @Setting.Name String name,
            @Setting(value = "Its size.", or = "1 MiB", range = "1 KiB to 1 GiB") long size,
            @Setting(value = "How long.", without = "for ever", range = "1s to 1h")
                    Optional<Duration> keptFor,
            @Setting(or = "[dark_blue]", range = "0 to 2") Set<Colour> colours,
            @Setting(name = "count", or = "2", range = "0 to 9") int often)
            implements Setting.Checked {
        @Override
        public void check(Values values) {
            if (often == 7) {
                values.place("count").error("seven is too many");
            }
        }
    }

    @Setting.Group(title = "The file")
    private record Whole(
            @Setting(pattern = "[a-z]+", expected = "a word") Map<String, Thing> things,
            @Setting(or = "[]", type = "even", range = "0 to 3") List<Integer> numbers,
            String given) {}

    private record Part(
            @Setting(or = "[4]", range = "0 to 3", type = "even") List<Integer> numbers) {}

    private static final Binder BINDER =
            Binder.standard()
                    .given("from outside")
                    .with("even", Scalars.integer(0, 99).map(n -> Math.toIntExact(n) * 2));

    private final Problems problems = new Problems("f.yaml");

    private <T> Optional<T> read(Section<T> section, String text) {
        return new YamlReader(YamlLimits.HAND_WRITTEN)
                .read(text.getBytes(StandardCharsets.UTF_8), problems.top())
                .flatMap(node -> section.read(node, problems.top()));
    }

    @Test
    void eachComponentIsReadByItsClassOrByTheWordOfItsType() {
        String text =
                """
                things:
                  one: {size: 2 KiB, kept_for: 5s, colours: [red], count: 3}
                  two: {}
                numbers: [1, 2]
                """;
        var one = new Thing("one", 2048, Optional.of(Duration.ofSeconds(5)), Set.of(Colour.RED), 3);
        var two = new Thing("two", 1 << 20, Optional.empty(), Set.of(Colour.DARK_BLUE), 2);
        assertThat(read(BINDER.section(Whole.class), text))
                .contains(new Whole(Map.of("one", one, "two", two), List.of(2, 4), "from outside"));
    }

    @Test
    void mistakesAreToldWithTheirPlacesAndWithWhatIsExpected() {
        String text = "things: {one: {size: 1, kept: 5s, count: 12}, two: {count: 7}}\n";
        assertThat(read(BINDER.section(Whole.class), text)).isEmpty();
        assertThat(problems.listErrors())
                .extracting(Problem::toString)
                .containsExactly(
                        "f.yaml:1:22: things.one.size: '1' is too small; expected a size such as"
                                + " 10 MB or 1 GiB, from 1 KiB to 1 GiB",
                        "f.yaml:1:25: things.one.kept: unknown key; expected one of size,"
                                + " kept_for, colours, count",
                        "f.yaml:1:42: things.one.count: '12' is too large; expected a whole number"
                                + " from 0 to 9",
                        "f.yaml:1:60: things.two.count: seven is too many");
    }

    @Test
    void aSectionOverOthersKeepsWhatIsNotWrittenAndSaysSo() {
        var common = new Thing("-", 5000, Optional.empty(), Set.of(), 4);
        var section = BINDER.section(Other.class);
        assertThat(section.ofNothing()).isEqualTo(new Other(1, "a"));
        var over = BINDER.over(new Other(8, "b"), "that of `others`", "own", "Own.");
        assertThat(read(over, "text: c")).contains(new Other(8, "c"));
        assertThat(over.keys())
                .allSatisfy(
                        key ->
                                assertThat(key.presence())
                                        .extracting("without")
                                        .isEqualTo("that of `others`"));
        assertThat(Binder.changed(common, Map.of("often", 9)).often()).isEqualTo(9);
        assertThatThrownBy(() -> Binder.changed(common, Map.of("oftne", 9)))
                .hasMessageContaining("oftne");
    }

    @Setting.Group(title = "others")
    private record Other(
            @Setting(or = "1", range = "0 to 9") int number, @Setting(or = "a") String text) {}

    @Test
    void aPartReadsItsKeysAndLooksAtNoOther() {
        var part = BINDER.part(Part.class, Whole.class);
        assertThat(read(part, "things: 5\nnumbers: [3]\n")).contains(new Part(List.of(6)));
        assertThat(read(part, "things: 5\n")).contains(new Part(List.of(8)));
        assertThat(read(part, "thing: 5\n")).isEmpty();
    }

    @Test
    void aDefaultThatDoesNotFitAndATypeThatNothingKnowsAreFoundAtTheStart() {
        assertThatThrownBy(() -> BINDER.section(TooLarge.class)).hasMessageContaining("too large");
        assertThatThrownBy(() -> Binder.standard().section(Whole.class))
                .hasMessageContaining("even");
    }

    @Setting.Group(title = "too large")
    private record TooLarge(@Setting(or = "10", range = "0 to 9") int number) {}
}
