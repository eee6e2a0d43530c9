package airlock.web;

import airlock.results.LogSource;
import airlock.results.RunView;
import airlock.results.StepKey;
import airlock.text.SafeText;
import airlock.text.StyledText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The whole log as plain text, one heading a step. Colours are left out as all escape sequences
/// are, since the text may end in a terminal (H5).
final class LogText {
    private static final int PIECE = 16 << 10;

    private final OutputStream out;
    private final Map<StepKey, String> titles;
    private final Consumer<Part> parts;
    private long written;
    private Optional<Part> open = Optional.empty();

    /// What a step wrote without a pause.
    ///
    /// @param offset where the text has it, bytes from its beginning; the heading is before it
    record Part(StepKey step, long offset, long bytes) {}

    private LogText(OutputStream out, RunView run, Consumer<Part> parts) {
        this.out = out;
        this.titles = titles(run);
        this.parts = parts;
    }

    /// Writes it.
    ///
    /// @param parts hears of each part when all of it is written
    static void write(OutputStream out, RunView run, LogSource.OpenLog log, Consumer<Part> parts)
            throws IOException {
        new LogText(out, run, parts).write(log);
    }

    private void write(LogSource.OpenLog log) throws IOException {
        var reader = new LogReader();
        long end = log.size();
        long at = 0;
        while (at < end) {
            var chunks = log.read(at, PIECE);
            if (chunks.isEmpty()) {
                break;
            }
            for (var chunk : chunks) {
                var piece = reader.read(chunk);
                begin(piece.step());
                put(StyledText.plain(piece.text()));
                at = chunk.next();
            }
        }
        close();
    }

    private void begin(StepKey step) throws IOException {
        if (open.map(Part::step).filter(step::equals).isPresent()) {
            return;
        }
        close();
        String title = titles.getOrDefault(step, step.plainTitle());
        put((open.isEmpty() ? "" : "\n") + "--- " + step.phase().key() + ": " + title + "\n");
        open = Optional.of(new Part(step, written, 0));
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

    private static Map<StepKey, String> titles(RunView run) {
        Map<StepKey, String> titles = new HashMap<>();
        for (var phase : run.phases()) {
            for (var step : phase.steps()) {
                var key = new StepKey(phase.phase(), phase.attempt(), step.number());
                titles.put(key, SafeText.line(LogSection.title(key, step.title())));
            }
        }
        return titles;
    }
}
