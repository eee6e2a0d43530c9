package airlock.web;

import airlock.event.RunId;
import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.results.StepKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Logs in memory. As in a file, each chunk has a frame before its text, so offsets are not
/// counts of text.
final class InMemoryLogs implements LogSource {
    static final int FRAME = 16;

    private final Map<RunId, Log> logs = new HashMap<>();

    /// Adds a chunk; the log begins with the first one.
    synchronized void append(RunId run, StepKey step, int stream, double seconds, String text) {
        append(run, step, stream, seconds, text.getBytes(StandardCharsets.UTF_8));
    }

    synchronized void append(RunId run, StepKey step, int stream, double seconds, byte[] text) {
        var log = logs.computeIfAbsent(run, _ -> new Log());
        long next = log.size + FRAME + text.length;
        var at = Duration.ofMillis(Math.round(seconds * 1000));
        log.chunks.add(new LogChunk(log.size, next, step, stream, at, text));
        log.size = next;
        notifyAll();
    }

    /// Says that nothing more will come.
    synchronized void complete(RunId run) {
        logs.computeIfAbsent(run, _ -> new Log()).complete = true;
        notifyAll();
    }

    @Override
    public synchronized Optional<OpenLog> open(RunId run) {
        return Optional.ofNullable(logs.get(run)).map(Reader::new);
    }

    private static final class Log {
        private final List<LogChunk> chunks = new ArrayList<>();
        private long size;
        private boolean complete;
    }

    private final class Reader implements OpenLog {
        private final Log log;

        Reader(Log log) {
            this.log = log;
        }

        @Override
        public long size() {
            synchronized (InMemoryLogs.this) {
                return log.size;
            }
        }

        @Override
        public boolean isComplete() {
            synchronized (InMemoryLogs.this) {
                return log.complete;
            }
        }

        @Override
        public List<LogChunk> read(long offset, long bytes) {
            synchronized (InMemoryLogs.this) {
                var found = new ArrayList<LogChunk>();
                long count = 0;
                for (var chunk : log.chunks) {
                    if (chunk.offset() >= offset && count < bytes) {
                        found.add(chunk);
                        count += chunk.next() - chunk.offset();
                    }
                }
                return found;
            }
        }

        @Override
        public void awaitMore(long offset, Duration limit) throws InterruptedException {
            long end = System.nanoTime() + limit.toNanos();
            synchronized (InMemoryLogs.this) {
                long left = limit.toMillis();
                while (log.size <= offset && !log.complete && left > 0) {
                    InMemoryLogs.this.wait(left);
                    left = (end - System.nanoTime()) / 1_000_000;
                }
            }
        }
    }
}
