package airlock.operator;

import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.results.RunLogs;
import airlock.results.View;
import airlock.results.Views;
import airlock.web.LogChunk;
import airlock.web.LogSource;
import airlock.web.StepKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The logs on disk as the pages read them. Who waits for more looks again a few times a second:
/// the file is the interface, so that a log can be followed on another machine as well.
///
/// Frames don't say which start of a phase they belong to: it is the last one that began before.
public final class StoredLogs implements LogSource {
    private static final Duration LOOK = Duration.ofMillis(200);
    /// How old the list of phases may be.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int MOST = 1 << 20;

    private final RunLogs logs;
    private final Views views;

    public StoredLogs(RunLogs logs, Views views) {
        this.logs = logs;
        this.views = views;
    }

    @Override
    public Optional<RunLog> open(RunId run) {
        return logs.size(run) == 0 ? Optional.empty() : Optional.of(new Opened(run));
    }

    private final class Opened implements RunLog {
        private final RunId run;
        private List<View.PhaseView> starts;
        private long looked;
        private long boundary;

        Opened(RunId run) {
            this.run = run;
            this.starts = views.phases(run);
            this.looked = System.nanoTime();
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
            look();
            long at = offset == boundary ? offset : logs.frameAt(run, offset);
            var chunks =
                    logs.read(run, at, (int) Math.min(bytes, MOST)).stream()
                            .map(this::chunk)
                            .toList();
            boundary = chunks.isEmpty() ? at : chunks.getLast().next();
            return chunks;
        }

        private LogChunk chunk(airlock.results.LogChunk chunk) {
            var before =
                    starts.stream()
                            .filter(start -> start.phase() == chunk.phase())
                            .map(start -> start.times().started().toEpochMilli())
                            .filter(started -> started <= chunk.millis())
                            .sorted()
                            .toList();
            long since = before.isEmpty() ? chunk.millis() : before.getLast();
            return new LogChunk(
                    chunk.offset(),
                    chunk.next(),
                    new StepKey(chunk.phase(), Math.max(1, before.size()), chunk.step()),
                    chunk.stream(),
                    Duration.ofMillis(chunk.millis() - since),
                    chunk.bytes());
        }

        private void look() {
            if (System.nanoTime() - looked > FRESH.toNanos()) {
                starts = views.phases(run);
                looked = System.nanoTime();
            }
        }

        @Override
        public void awaitMore(long offset, Duration limit) throws InterruptedException {
            long deadline = System.nanoTime() + limit.toNanos();
            boolean complete = isComplete();
            // not by the size: a frame that a crash cut short never becomes whole
            while (!complete && read(offset, 1).isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(LOOK);
            }
        }

        @Override
        public void close() {}
    }
}
