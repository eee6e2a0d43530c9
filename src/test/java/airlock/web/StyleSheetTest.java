package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The style sheet's colours can be read and told apart (WCAG 2.2, 1.4.3), in light and dark.
class StyleSheetTest {
    private static final double ENOUGH = 4.5;
    private static final List<String> VERDICTS =
            List.of("passed", "failed", "timed-out", "invalid-plan", "broke");
    private static final Pattern VARIABLE =
            Pattern.compile("--([a-z-]+): (#[0-9a-f]{6});", Pattern.CASE_INSENSITIVE);

    private final String css = read();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void textHasContrastEnough(boolean dark) {
        var colours = colours(dark);
        for (String text : List.of("ink", "muted", "link", "running", "queued", "still")) {
            check(colours, text, "card");
            check(colours, text, "page");
        }
        for (String verdict : VERDICTS) {
            check(colours, verdict, "card");
            check(colours, verdict, "shade");
        }
        check(colours, "ink", "shade");
        for (String text : List.of("log-ink", "log-muted", "log-err")) {
            check(colours, text, "log");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noTwoVerdictsShareAColour(boolean dark) {
        var colours = colours(dark);
        assertThat(new HashSet<>(VERDICTS.stream().map(colours::get).toList()))
                .hasSameSizeAs(VERDICTS);
        for (var mark : VERDICTS) {
            assertThat(css).contains(".mark." + mark + " { color: var(--" + mark + "); }");
        }
    }

    @Test
    void theLogsColoursCanBeReadOnTheLog() {
        for (boolean dark : List.of(false, true)) {
            for (int i = 0; i < 16; i++) {
                assertThat(
                                contrast(
                                        rule("\\.f" + i + " \\{ color: "),
                                        colours(dark).getOrDefault("log", "")))
                        .as("colour %d", i)
                        .isGreaterThanOrEqualTo(ENOUGH);
            }
        }
        for (int i = 0; i < 16; i++) {
            assertThat(contrast("#ffffff", rule("\\.k" + i + " \\{ background: ")))
                    .as("background %d", i)
                    .isGreaterThanOrEqualTo(ENOUGH);
        }
    }

    private static void check(Map<String, String> colours, String text, String on) {
        assertThat(contrast(colours.getOrDefault(text, ""), colours.getOrDefault(on, "")))
                .as("%s on %s", text, on)
                .isGreaterThanOrEqualTo(ENOUGH);
    }

    private Map<String, String> colours(boolean dark) {
        var colours = new HashMap<String, String>();
        int split = css.indexOf("@media (prefers-color-scheme: dark)");
        int end = css.indexOf("* {", split);
        for (String part :
                dark
                        ? List.of(css.substring(0, split), css.substring(split, end))
                        : List.of(css.substring(0, split))) {
            VARIABLE.matcher(part).results().forEach(r -> colours.put(r.group(1), r.group(2)));
        }
        assertThat(colours).hasSizeGreaterThan(15);
        return colours;
    }

    private String rule(String start) {
        var found = Pattern.compile(start + "(#[0-9a-f]{6})").matcher(css);
        assertThat(found.find()).as(start).isTrue();
        return found.group(1);
    }

    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String colour) {
        int rgb = Integer.parseInt(colour.substring(1), 16);
        return 0.2126 * linear(rgb >> 16)
                + 0.7152 * linear(rgb >> 8 & 255)
                + 0.0722 * linear(rgb & 255);
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    private static String read() {
        try (var input = Assets.class.getResourceAsStream("airlock.css")) {
            return new String(
                    java.util.Objects.requireNonNull(input).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
