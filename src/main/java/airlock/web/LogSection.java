package airlock.web;

import airlock.event.Phase;
import airlock.results.Mark;
import airlock.results.PhaseView;
import airlock.results.StepKey;
import airlock.results.StepView;
import airlock.results.StoredLogs.LogChunk;
import airlock.text.TextStyle.StyledText;
import java.util.List;

/// A step as pages show it, with its output.
///
/// @param detail how it ended and what it used; may be empty
/// @param open whether the page shows it unfolded
public record LogSection(
        StepKey key, String title, Mark mark, String detail, List<LogLine> lines, boolean open) {
    /// The template of the page's script for new sections.
    public static final LogSection EMPTY =
            new LogSection(
                    new StepKey(Phase.PRE_PLAN, 0, 0), "", Mark.RUNNING, "", List.of(), true);

    public LogSection {
        lines = List.copyOf(lines);
    }

    /// Whether it has a mark; Airlock's notes have none.
    public boolean isMarked() {
        return !key.isNotes();
    }

    public Phase phase() {
        return key.phase();
    }

    static LogSection of(PhaseView phase, StepView step, LogRange log) {
        var key = new StepKey(phase.phase(), phase.attempt(), step.number());
        return new LogSection(
                key,
                title(key, step.title()),
                step.mark(),
                detail(step),
                log.of(key),
                step.mark().callsForAttention());
    }

    /// A step that is in the log, but not (yet) in the database.
    static LogSection unknown(StepKey key, LogRange log) {
        return new LogSection(
                key, title(key, key.plainTitle()), Mark.RUNNING, "", log.of(key), !key.isNotes());
    }

    static String title(StepKey key, String title) {
        return key.attempt() > 1 ? title + " (start " + key.attempt() + ")" : title;
    }

    /// Such as `exit code 2 · 1.2 s · cpu 0.9 s · 12.0 MiB`.
    static String detail(StepView step) {
        return step.end().map(LogSection::detail).orElse("");
    }

    private static String detail(StepView.End end) {
        return end.word()
                + " · "
                + Show.duration(end.took())
                + (end.cpu().toMillis() > 0 ? " · cpu " + Show.duration(end.cpu()) : "")
                + (end.peakMemory() > 0 ? " · " + Show.bytes(end.peakMemory()) : "");
    }

    /// A line of a log.
    ///
    /// @param stream as in [LogChunk]
    /// @param at seconds since the start of its phase, such as `12.3`
    /// @param text without the line feed
    /// @param ended whether it has its line feed
    public record LogLine(int stream, String at, List<StyledText> text, boolean ended) {
        public LogLine {
            text = List.copyOf(text);
        }

        /// Its CSS classes.
        public String css() {
            return switch (stream) {
                case LogChunk.STDERR -> "l e";
                case LogChunk.TRACE -> "l t";
                default -> "l";
            };
        }
    }
}
