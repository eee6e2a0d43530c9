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
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The whole log as plain text with a heading for each step, and without escape sequences, since it
/// may be shown by a terminal (H5).
final class LogText {
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
