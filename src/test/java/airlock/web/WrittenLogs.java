package airlock.web;

import airlock.base.Trees;
import airlock.event.RunId;
import airlock.results.RunLog;
import airlock.results.RunLogs;
import airlock.results.StepKey;
import airlock.results.StoredLogs;
import airlock.results.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Logs in a directory of their own. As on a server, a log is complete when its run has ended.
final class WrittenLogs implements AutoCloseable {
    /// Bytes before each chunk.
    static final int FRAME = 16;

    private final Path directory;
    private final Views views;
    private final RunLogs files;
    private final Map<RunId, RunLog> logs = new HashMap<>();

    WrittenLogs(Views views) {
        this.views = views;
        try {
            this.directory = Files.createTempDirectory("airlock-logs-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.files = new RunLogs(directory);
    }

    StoredLogs stored() {
        return new StoredLogs(files, views);
    }

    /// Adds to a run's log.
    ///
    /// @param seconds since the start of the step's phase
    synchronized void append(RunId run, StepKey step, int stream, double seconds, String text) {
        var start =
                views.phases(run).stream()
                        .filter(phase -> phase.phase() == step.phase())
                        .map(phase -> phase.times().when())
                        .findFirst()
                        .orElse(Samples.NOW);
        logs.computeIfAbsent(run, files::append)
                .add(
                        step.phase(),
                        step.step(),
                        stream,
                        start.toEpochMilli() + Math.round(seconds * 1000),
                        text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        logs.values().forEach(RunLog::close);
        try {
            Trees.remove(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
