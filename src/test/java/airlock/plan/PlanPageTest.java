package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Key;
import airlock.yaml.YamlLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares docs/plans.md with the code.
class PlanPageTest {
    private static final Path PAGE = Path.of("docs/plans.md");
    private static final Path EXAMPLES = Path.of("docs/examples");

    static List<Path> examples() {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.filter(PlanPageTest::isPlan).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isPlan(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".airlock.yaml") || name.equals("ambient.yaml");
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(page())
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsAPlanWithoutWarnings(Path example) throws IOException {
        PlanFile file = example.endsWith("ambient.yaml") ? PlanFile.AMBIENT : PlanFile.AIRLOCK;
        PlanReading reading = new PlanReader().read(file, Files.readAllBytes(example));
        assertThat(reading).isInstanceOf(PlanReading.Read.class);
        assertThat(((PlanReading.Read) reading).warnings()).isEmpty();
    }

    @Test
    void everyPlanOnThePageIsOneOfTheExamples() throws IOException {
        List<String> texts =
                examples().stream()
                        .map(
                                path -> {
                                    try {
                                        return Files.readString(path);
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                })
                        .toList();
        assertThat(blocks("yaml")).hasSize(6).allMatch(texts::contains);
    }

    @Test
    void theMistakeOnThePageIsTheOneThatIsTold() throws IOException {
        byte[] text = "plan:\n  - action: shel\n".getBytes(StandardCharsets.UTF_8);
        var invalid = (PlanReading.Invalid) new PlanReader().read(PlanFile.AIRLOCK, text);
        assertThat(blocks("text")).containsExactly(invalid.report());
    }

    @Test
    void theTableOfActionsIsWhatTheCodeSays() throws IOException {
        var table = Pattern.compile("(?s)(<!-- actions: .*? -->\n)(.*?)(<!-- end -->)");
        if ("update".equals(System.getProperty("golden"))) {
            var updated =
                    table.matcher(page())
                            .replaceFirst(m -> m.group(1) + ActionTable.text() + m.group(3));
            Files.writeString(PAGE, updated);
        }
        assertThat(table.matcher(page()).results().map(m -> m.group(2)))
                .as("docs/plans.md; -Dgolden=update writes the table anew")
                .containsExactly(ActionTable.text());
    }

    @Test
    void everyActionHasASectionWithItsFields() throws IOException {
        for (ActionKind kind : Actions.ALL) {
            String heading = "\n### `" + kind.name() + "`\n";
            assertThat(page()).contains(heading);
            String section = page().split(Pattern.quote(heading), 2)[1].split("\n##", 2)[0];
            for (Key<?> key : kind.fields().keys()) {
                boolean required = key.presence() instanceof Key.Presence.Required<?>;
                assertThat(section)
                        .contains("| `" + key.name() + "`" + (required ? " (req" : " |"));
            }
        }
        assertThat(page().split("\n### `", -1)).hasSize(Actions.ALL.size() + 1);
    }

    @Test
    void whatEveryActionMayHaveIsThere() throws IOException {
        for (Key<?> key : ArrangedAction.Arrangement.KEYS.keys()) {
            assertThat(page()).contains("| `" + key.name() + "` |");
        }
    }

    @Test
    void everyKeyOfTheFileIsThere() throws IOException {
        for (Key<?> key : PlanSettings.section(PlanFile.AIRLOCK, PlanPolicy.UNKNOWN).keys()) {
            assertThat(page()).contains("`" + key.name() + "`");
        }
        for (PlanFile file : PlanFile.values()) {
            assertThat(page()).contains("| `" + file.path() + "` |");
        }
    }

    @Test
    void theEnvironmentIsWhatProgramsGet() throws IOException {
        StepContext.FIRST
                .environment()
                .forEach((name, value) -> assertPageHas("| `%s` | `%s` |".formatted(name, value)));
        assertThat(StepContext.FIRST.environment()).hasSize(4);
    }

    @Test
    void theLimitsAreThoseOfTheCode() {
        YamlLimits limits = YamlLimits.HAND_WRITTEN;
        assertPageHas(
                "At most %d MiB, %,d values and keys, %d MiB of text, %d levels, %d aliases"
                        .formatted(
                                limits.bytes() >> 20,
                                limits.nodes(),
                                limits.characters() >> 20,
                                limits.depth(),
                                limits.aliases()));
        assertPageHas("a list of actions, at most 500 ");
        assertPageHas("at most %d KiB for all".formatted(PlanSettings.LARGEST_ENVIRONMENT >> 10));
        assertPageHas("a text of at most %d KiB".formatted(Texts.LONGEST >> 10));
    }

    private static void assertPageHas(String text) {
        try {
            assertThat(page().replace('\n', ' ')).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
