package airlock.web;

import airlock.results.RunView;
import airlock.results.StepKey;
import airlock.results.StepView;
import airlock.results.StoredLogs.OpenLog;
import airlock.text.SafeText;
import airlock.text.StyledText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The whole log as one page without scripts and other files. Steps fold; failed ones are open.
final class LogHtml {
    /// Characters; a browser takes minutes for one line of megabytes.
    private static final int MAX_LINE = 4_000;

    /// Style for long logs: browsers lay out only the visible part.
    private static final String MORE_STYLE =
            """
            details.step > pre { content-visibility: auto; contain-intrinsic-size: auto 40rem; white-space: pre-wrap; overflow-wrap: anywhere; }
            """;

    private final OutputStream out;
    private final Map<StepKey, StepView> steps;
    private final List<StepKey> keys;
    private Optional<StepKey> current = Optional.empty();

    /// How many of `keys` have a section.
    private int shown;

    private String openPhase = "";
    private boolean isOpen;
    private int column;

    LogHtml(OutputStream out, RunView run) {
        this.out = out;
        this.steps = run.steps();
        this.keys = List.copyOf(steps.keySet());
    }

    void write(String repository, RunView run, OpenLog log) throws IOException {
        head(repository, run);
        LogReader.readAll(log, this::piece);
        sectionsBefore(keys.size());
        close();
        put("</main></body></html>\n");
    }

    private void head(String repository, RunView run) throws IOException {
        var head = run.head();
        String title =
                Show.escaped(
                        SafeText.line(
                                "%s: %s %s"
                                        .formatted(
                                                head.mark().word(),
                                                repository,
                                                head.revision().subject().shortName())));
        put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>" + title);
        put("</title>\n<style>\n" + Assets.styleSheet() + MORE_STYLE + "</style></head>\n");
        put("<body><main><header class=\"head\"><h1>" + title + "</h1>\n");
        put("<p><code>" + head.revision().commit().hex() + "</code> plan ");
        put(Show.escaped(SafeText.line(head.planAndCell())));
        put(", run <code>" + head.id() + "</code></p>\n");
        if (!run.reason().isEmpty()) {
            put("<p class=\"reason\">" + Show.escaped(SafeText.lines(run.reason())) + "</p>\n");
        }
        put("</header>\n");
    }

    private void piece(LogReader.Piece piece) throws IOException {
        if (current.filter(piece.step()::equals).isEmpty()) {
            current = Optional.of(piece.step());
            sectionsBefore(keys.indexOf(piece.step()));
            section(piece.step());
        }
        lines(piece);
    }

    /// Shows the steps that wrote nothing.
    private void sectionsBefore(int index) throws IOException {
        while (shown < index) {
            section(keys.get(shown));
        }
    }

    private void section(StepKey key) throws IOException {
        close();
        String phase = key.phase().key();
        if (!phase.equals(openPhase)) {
            put("<h2 class=\"in-phase\">" + phase + "</h2>\n");
            openPhase = phase;
        }
        var step = steps.get(key);
        if (step == null) {
            summary(LogSection.title(key, key.plainTitle()), "", !key.isNotes());
            return;
        }
        int index = keys.indexOf(key);
        boolean again = index < shown;
        shown = Math.max(shown, index + 1);
        summary(
                LogSection.title(key, step.title()) + (again ? " (goes on)" : ""),
                step.mark().word() + " " + LogSection.detail(step),
                step.mark().callsForAttention());
    }

    private void summary(String title, String detail, boolean open) throws IOException {
        put("<details class=\"step\"" + (open ? " open" : "") + "><summary><span class=\"title\">");
        put(Show.escaped(SafeText.line(title)) + "</span> <span class=\"detail\">");
        put(Show.escaped(SafeText.line(detail)) + "</span></summary>\n<pre class=\"log\">");
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
            boolean isError = piece.chunk().stream() == 2;
            if (isError || !css.isEmpty()) {
                text.append("<span class=\"").append(isError ? "e " : "").append(css).append("\">");
            }
            text.append(Show.escaped(broken(part.text())));
            if (isError || !css.isEmpty()) {
                text.append("</span>");
            }
        }
        put(text.toString());
    }

    /// The text with line feeds in lines that are too long.
    private String broken(String text) {
        var to = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                column = 0;
            } else if (++column > MAX_LINE && !Character.isLowSurrogate(c)) {
                to.append('\n');
                column = 1;
            }
            to.append(c);
        }
        return to.toString();
    }

    private void put(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
