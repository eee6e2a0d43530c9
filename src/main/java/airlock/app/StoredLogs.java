package airlock.app;

import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.results.RunLogs;
import airlock.results.Views;
import airlock.web.LogChunk;
import airlock.web.LogSource;
import airlock.web.StepKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The logs on disk as the pages read them. Who waits for more looks again a few times a second:
/// the file is the interface, so that a log can be followed on another machine as well.
final class StoredLogs implements LogSource {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int PIECE = 256 * 1024;

    private final RunLogs logs;
    private final Views views;

    StoredLogs(RunLogs logs, Views views) {
        this.logs = logs;
        this.views = views;
    }

    @Override
    public Optional<RunLog> open(RunId run) {
        return logs.size(run) == 0 ? Optional.empty() : Optional.of(new Opened(run));
    }

    private final class Opened implements RunLog {
        private final RunId run;
        private long boundary;

        Opened(RunId run) {
            this.run = run;
        }

        @Override
        public long size() {
            return logs.size(run);
        }

        @Override
        public boolean isComplete() {
            return views.run(run).map(view -> view.state() instanceof State.Ended).orElse(true);
        }

        @Override
        public List<LogChunk> read(long offset, long bytes) {
            var chunks = new ArrayList<LogChunk>();
            long at = offset == boundary ? offset : logs.frameAt(run, offset);
            long text = 0;
            while (text < bytes) {
                var piece = logs.read(run, at, PIECE);
                if (piece.isEmpty()) {
                    break;
                }
                for (var chunk : piece) {
                    if (text >= bytes) {
                        break;
                    }
                    chunks.add(chunk(chunk));
                    text += chunk.bytes().length;
                    at = chunk.next();
                }
            }
            boundary = at;
            return chunks;
        }

        private LogChunk chunk(airlock.results.LogChunk chunk) {
            return new LogChunk(
                    chunk.offset(),
                    chunk.next(),
                    new StepKey(chunk.phase(), 1, chunk.step()),
                    chunk.stream(),
                    Duration.ZERO,
                    chunk.bytes());
        }

        @Override
        public void awaitMore(long offset, Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            while (logs.size(run) <= offset && !isComplete() && System.nanoTime() < deadline) {
                Thread.sleep(LOOK);
            }
        }

        @Override
        public void close() {}
    }
}
