package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.results.StoredLogs.LogChunk;
import airlock.text.StyledText;
import airlock.text.TextStyle;
import airlock.web.LogRange.LineBuilder;
import airlock.web.LogSection.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineBuilderTest {
    private final LineBuilder builder = new LineBuilder();

    @Test
    void piecesOfALineBecomeOneLine() {
        add(1, 1.0, "one ");
        add(1, 2.0, "line\nand ", "another\n");
        assertThat(lines()).containsExactly("out 1.0 one line|", "out 2.0 and another|");
    }

    @Test
    void emptyLinesStay() {
        add(1, 0, "\n\na\n\n");
        assertThat(lines()).containsExactly("out 0.0 |", "out 0.0 |", "out 0.0 a|", "out 0.0 |");
    }

    @Test
    void theOtherStreamBeginsALineOfItsOwn() {
        add(1, 0, "progress");
        add(2, 0, "warning\n");
        add(1, 0, " goes on\n");
        assertThat(lines())
                .containsExactly("out 0.0 progress", "err 0.0 warning|", "out 0.0  goes on|");
    }

    @Test
    void whatBashShowsOfItsCommandsIsMarkedAndIsNoError() {
        add(3, 0, "+ make\n");
        add(2, 0, "warning\n");
        assertThat(builder.lines()).extracting(LogLine::css).containsExactly("l t", "l e");
    }

    @Test
    void aLineThatHasNotEndedIsShown() {
        add(2, 0, "no end");
        assertThat(lines()).containsExactly("err 0.0 no end");
    }

    @Test
    void nothingIsNoLine() {
        add(1, 0, "");
        assertThat(lines()).isEmpty();
    }

    private void add(int stream, double seconds, String... texts) {
        builder.add(
                new LogReader.Piece(
                        new LogChunk(
                                0,
                                0,
                                Samples.STEP,
                                stream,
                                Duration.ofMillis(Math.round(seconds * 1000)),
                                new byte[0]),
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
