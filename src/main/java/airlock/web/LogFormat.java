package airlock.web;

import airlock.base.Json;
import airlock.results.Mark;
import airlock.results.PhaseView;
import airlock.results.RunView;
import airlock.results.StepKey;
import airlock.results.StepView;
import airlock.results.StepView.End;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.Times;
import airlock.text.SafeText;
import airlock.text.TextStyle.StyledText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// The formats of a whole log (docs/logs.md).
public enum LogFormat {
    /// Plain text with a heading for each step.
    TEXT("text/plain; charset=utf-8"),
    /// JSON Lines of what happened, with offsets of the output in the text format.
    JSON("application/jsonl; charset=utf-8"),
    /// One page that needs no other file.
    HTML("text/html; charset=utf-8");

    private final String type;

    LogFormat(String type) {
        this.type = type;
    }

    public String type() {
        return type;
    }

    /// Writes all that the log has now.
    ///
    /// @param repository its name in the configuration
    public void write(OutputStream out, String repository, RunView run, OpenLog log)
            throws IOException {
        switch (this) {
            case TEXT -> LogText.write(out, run, log, _ -> {});
            case JSON -> new LogRecords(out).write(repository, run, log);
            case HTML -> new LogHtml(out, run).write(repository, run, log);
        }
    }

    /// A run as JSON Lines (docs/run-log.schema.json), only ASCII: the run, each start of a phase
    /// with its steps, then where the text log has the output of each step.
    static final class LogRecords {
        /// Raised when clients that know older records would misread new ones.
        private static final int VERSION = 1;

        private final OutputStream out;

        LogRecords(OutputStream out) {
            this.out = out;
        }

        void write(String repository, RunView run, OpenLog log) throws IOException {
            try {
                line(run(repository, run));
                for (var phase : run.phases()) {
                    line(phase(phase));
                    phase.steps().forEach(step -> line(step(phase, step)));
                }
                LogText.write(
                        OutputStream.nullOutputStream(), run, log, part -> line(output(part)));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private static ObjectNode record(String kind) {
            return ApiJson.object().put("record", kind);
        }

        private static ObjectNode run(String repository, RunView run) {
            var head = run.head();
            var record =
                    record("run")
                            .put("version", VERSION)
                            .put("run", head.id().text())
                            .put("request", head.request().text())
                            .put("repository", repository)
                            .put("kind", head.revision().subject().kind())
                            .put("subject", head.revision().subject().shortName())
                            .put("commit", head.revision().commit().hex())
                            .put("plan", head.planAndCell())
                            .put("plan_file", run.planFile())
                            .put("trust", head.trust().key())
                            .put("isolation", run.isolation())
                            .put("state", head.mark().key())
                            .put("reason", run.reason());
            return times(record, head.times());
        }

        private static ObjectNode phase(PhaseView phase) {
            var record =
                    record("phase")
                            .put("phase", phase.phase().key())
                            .put("start", phase.attempt())
                            .put("isolation", phase.isolation())
                            .put("state", phase.mark().key())
                            .put("reason", phase.reason());
            return times(record, phase.times());
        }

        private static ObjectNode step(PhaseView phase, StepView step) {
            var record =
                    record("step")
                            .put("phase", phase.phase().key())
                            .put("start", phase.attempt())
                            .put("step", step.number())
                            .put("command", step.title())
                            .put("state", step.mark().key())
                            .put("end", step.ending());
            step.end().flatMap(End::exit).ifPresent(code -> record.put("exit", code));
            if (step.mark() != Mark.QUEUED && step.mark() != Mark.NOT_RUN) {
                record.put("began_ms", step.start().toMillis());
            }
            step.end()
                    .ifPresent(
                            end ->
                                    record.put("ended_ms", step.start().plus(end.took()).toMillis())
                                            .put("cpu_ms", end.cpu().toMillis())
                                            .put("peak_bytes", end.peakMemory()));
            return record;
        }

        private static ObjectNode output(LogText.Part part) {
            return record("output")
                    .put("phase", part.step().phase().key())
                    .put("start", part.step().attempt())
                    .put("step", part.step().step())
                    .put("offset", part.offset())
                    .put("bytes", part.bytes());
        }

        private static ObjectNode times(ObjectNode record, Times times) {
            times.start().ifPresent(start -> record.put("began", start.toString()));
            times.end().ifPresent(end -> record.put("ended", end.toString()));
            if (times.start().isPresent() && times.end().isPresent()) {
                record.put("took_ms", times.took(Instant.MAX).toMillis());
            }
            return record;
        }

        private void line(ObjectNode record) {
            try {
                out.write(
                        (Json.ASCII.writeValueAsString(record) + "\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The whole log as plain text with a heading for each step, and without escape sequences,
    /// since it may be shown by a terminal (H5).
    static final class LogText {
        private final OutputStream out;
        private final Map<StepKey, StepView> steps;
        private final Consumer<Part> parts;
        private long written;
        private Optional<Part> open = Optional.empty();

        /// Output of a step without interruption.
        ///
        /// @param offset in the text, bytes; its heading comes before
        record Part(StepKey step, long offset, long bytes) {}

        private LogText(OutputStream out, RunView run, Consumer<Part> parts) {
            this.out = out;
            this.steps = run.steps();
            this.parts = parts;
        }

        /// @param parts hears of each part after it has been written
        static void write(OutputStream out, RunView run, OpenLog log, Consumer<Part> parts)
                throws IOException {
            var text = new LogText(out, run, parts);
            LogReader.readAll(
                    log,
                    piece -> {
                        text.begin(piece.step());
                        text.put(StyledText.plain(piece.text()));
                    });
            text.close();
        }

        private void begin(StepKey key) throws IOException {
            if (open.map(Part::step).filter(key::equals).isPresent()) {
                return;
            }
            close();
            var step = steps.get(key);
            String title =
                    step == null
                            ? key.plainTitle()
                            : SafeText.line(LogSection.title(key, step.title()));
            put((open.isEmpty() ? "" : "\n") + "--- " + key.phase().key() + ": " + title + "\n");
            open = Optional.of(new Part(key, written, 0));
        }

        private void close() {
            open.map(part -> new Part(part.step(), part.offset(), written - part.offset()))
                    .ifPresent(parts);
        }

        private void put(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.write(bytes);
            written += bytes.length;
        }
    }

    /// The whole log as one page without scripts and other files. Steps fold; failed ones are open.
    static final class LogHtml {
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
            put(
                    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>"
                            + title);
            put(
                    "</title>\n<style>\n"
                            + Assets.text("airlock.css")
                            + MORE_STYLE
                            + "</style></head>\n");
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
            put(
                    "<details class=\"step\""
                            + (open ? " open" : "")
                            + "><summary><span class=\"title\">");
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
            String error = piece.chunk().stream() == LogChunk.STDERR ? "e " : "";
            for (StyledText part : piece.text()) {
                String css = (error + Show.css(part.style())).strip();
                String shown = Show.escaped(broken(part.text()));
                text.append(
                        css.isEmpty() ? shown : "<span class=\"" + css + "\">" + shown + "</span>");
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
}
