package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.StoredLogs.LogChunk;
import airlock.text.TextStyle;
import airlock.text.TextStyle.StyledText;
import airlock.web.LogRange.LineBuilder;
import airlock.web.LogSection.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineBuilderTest {
    private final LineBuilder builder = new LineBuilder();

    @Test
    void piecesOfALineBecomeOneLineAndEmptyLinesStay() {
        add(1, 1.0, "one ");
        add(1, 2.0, "line\nand ", "another\n", "", "\n\na\n");
        assertThat(lines())
                .containsExactly(
                        "out 1.0 one line|",
                        "out 2.0 and another|",
                        "out 2.0 |",
                        "out 2.0 |",
                        "out 2.0 a|");
    }

    @Test
    void theOtherStreamBeginsALineOfItsOwnAndALineWithoutEndIsShown() {
        add(1, 0, "");
        add(1, 0, "progress");
        add(2, 0, "warning\n");
        add(1, 0, " goes on\n");
        add(2, 0, "no end");
        assertThat(lines())
                .containsExactly(
                        "out 0.0 progress",
                        "err 0.0 warning|",
                        "out 0.0  goes on|",
                        "err 0.0 no end");
    }

    @Test
    void whatBashShowsOfItsCommandsIsMarkedAndIsNoError() {
        add(3, 0, "+ make\n");
        add(2, 0, "warning\n");
        assertThat(builder.lines()).extracting(LogLine::css).containsExactly("l t", "l e");
    }

    private void add(int stream, double seconds, String... texts) {
        var at = Duration.ofMillis(Math.round(seconds * 1000));
        builder.add(
                new LogReader.Piece(
                        new LogChunk(0, 0, Samples.STEP, stream, at, new byte[0]),
                        Stream.of(texts).map(t -> new StyledText(TextStyle.PLAIN, t)).toList()));
    }

    /// A bar stands for a line feed.
    private List<String> lines() {
        return builder.lines().stream()
                .map(
                        line ->
                                (line.stream() == 2 ? "err " : "out ")
                                        + line.at()
                                        + " "
                                        + StyledText.plain(line.text())
                                        + (line.ended() ? "|" : ""))
                .toList();
    }
}
