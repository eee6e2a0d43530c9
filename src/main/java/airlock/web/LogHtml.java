package airlock.web;

import airlock.results.LogSource;
import airlock.results.RunView;
import airlock.results.StepKey;
import airlock.results.StepView;
import airlock.text.SafeText;
import airlock.text.StyledText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The whole log as one page that needs nothing else: no script, no other file. Steps fold, those
/// that failed are open; a browser lays out what it shows and no more.
final class LogHtml {
    private static final int PIECE = 16 << 10;

    /// Characters; a browser takes minutes for one line of megabytes.
    private static final int LONGEST_LINE = 4_000;

    /// What the pages' style sheet lacks where a log is long.
    private static final String MORE_STYLE =
            """
            details.step > pre { content-visibility: auto; contain-intrinsic-size: auto 40rem; white-space: pre-wrap; overflow-wrap: anywhere; }
            """;

    private final OutputStream out;
    private final List<StepKey> keys = new ArrayList<>();
    private final List<StepView> steps = new ArrayList<>();
    private int shown;
    private String openPhase = "";
    private boolean isOpen;
    private int column;

    LogHtml(OutputStream out) {
        this.out = out;
    }

    void write(String repository, RunView run, LogSource.OpenLog log) throws IOException {
        for (var phase : run.phases()) {
            for (var step : phase.steps()) {
                keys.add(new StepKey(phase.phase(), phase.attempt(), step.number()));
                steps.add(step);
            }
        }
        head(repository, run);
        var reader = new LogReader();
        var now = new StepKey(airlock.event.Phase.PRE_PLAN, 0, 0);
        long end = log.size();
        for (long at = 0; at < end; ) {
            var chunks = log.read(at, PIECE);
            if (chunks.isEmpty()) {
                break;
            }
            for (var chunk : chunks) {
                var piece = reader.read(chunk);
                if (!piece.step().equals(now)) {
                    now = piece.step();
                    begin(now);
                }
                lines(piece);
                at = chunk.next();
            }
        }
        while (shown < steps.size()) {
            section(keys.get(shown));
        }
        close();
        put("</main></body></html>\n");
    }

    private void head(String repository, RunView run) throws IOException {
        var head = run.head();
        String title =
                head.mark().word()
                        + ": "
                        + repository
                        + " "
                        + head.revision().subject().shortName();
        put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>");
        put(escaped(SafeText.line(title)));
        put("</title>\n<style>\n" + Assets.styleSheet() + MORE_STYLE + "</style></head>\n");
        put("<body><main><header class=\"head\"><h1>" + escaped(SafeText.line(title)) + "</h1>\n");
        put("<p><code>" + head.revision().commit().hex() + "</code> plan ");
        put(
                escaped(SafeText.line(head.planAndCell()))
                        + ", run <code>"
                        + head.id()
                        + "</code></p>\n");
        if (!run.reason().isEmpty()) {
            put("<p class=\"reason\">" + escaped(SafeText.lines(run.reason())) + "</p>\n");
        }
        put("</header>\n");
    }

    /// What comes before `key` in the tables and wrote nothing is shown first.
    private void begin(StepKey key) throws IOException {
        int index = keys.indexOf(key);
        while (shown < index) {
            section(keys.get(shown));
        }
        section(key);
    }

    private void section(StepKey key) throws IOException {
        close();
        String phase = key.phase().key();
        if (!phase.equals(openPhase)) {
            put("<h2 class=\"in-phase\">" + phase + "</h2>\n");
            openPhase = phase;
        }
        int index = keys.indexOf(key);
        if (index < 0) {
            summary(LogSection.title(key, key.plainTitle()), "", !key.isNotes());
            return;
        }
        var step = steps.get(index);
        boolean again = index < shown;
        shown = Math.max(shown, index + 1);
        summary(
                LogSection.title(key, step.title()) + (again ? " (goes on)" : ""),
                step.mark().word() + " " + LogSection.detail(step),
                step.mark().callsForAttention());
    }

    private void summary(String title, String detail, boolean open) throws IOException {
        put("<details class=\"step\"" + (open ? " open" : "") + "><summary><span class=\"title\">");
        put(escaped(SafeText.line(title)) + "</span> <span class=\"detail\">");
        put(escaped(SafeText.line(detail)) + "</span></summary>\n<pre class=\"log\">");
        isOpen = true;
        column = 0;
    }

    private void close() throws IOException {
        if (isOpen) {
            put("</pre></details>\n");
            isOpen = false;
        }
    }

    private void lines(LogReader.Piece piece) throws IOException {
        var text = new StringBuilder();
        for (StyledText part : piece.text()) {
            String css = part.style().isPlain() ? "" : Show.css(part.style());
            boolean isError = piece.stream() == 2;
            if (isError || !css.isEmpty()) {
                text.append("<span class=\"").append(isError ? "e " : "").append(css).append("\">");
            }
            append(text, part.text());
            if (isError || !css.isEmpty()) {
                text.append("</span>");
            }
        }
        put(text.toString());
    }

    private void append(StringBuilder to, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                column = 0;
            } else if (++column > LONGEST_LINE && !Character.isLowSurrogate(c)) {
                to.append('\n');
                column = 1;
            }
            escape(to, c);
        }
    }

    private static String escaped(String text) {
        var to = new StringBuilder();
        text.chars().forEach(c -> escape(to, (char) c));
        return to.toString();
    }

    private static void escape(StringBuilder to, char c) {
        switch (c) {
            case '&' -> to.append("&amp;");
            case '<' -> to.append("&lt;");
            case '>' -> to.append("&gt;");
            case '"' -> to.append("&quot;");
            default -> to.append(c);
        }
    }

    private void put(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
