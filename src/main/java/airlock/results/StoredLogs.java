package airlock.results;

import airlock.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the logs on disk by step.
///
/// Frames do not name the start of a phase that they belong to: it is the last one before them.
public final class StoredLogs implements LogSource {
    /// Maximum age of the list of phases.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int MOST = 1 << 20;

    private final RunLogs logs;
    private final StoredViews views;

    public StoredLogs(RunLogs logs, StoredViews views) {
        this.logs = logs;
        this.views = views;
    }

    @Override
    public Optional<OpenLog> open(RunId run) {
        return logs.size(run) == 0 ? Optional.empty() : Optional.of(new Opened(run));
    }

    private final class Opened implements OpenLog {
        private final RunId run;
        private List<PhaseView> starts;
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
            return views.head(run).map(RunHead::isOver).orElse(true);
        }

        @Override
        public List<LogChunk> read(long offset, long bytes) {
            look();
            long at = frameAt(offset);
            var frames = logs.read(run, at, (int) Math.min(bytes, MOST));
            boundary = frames.isEmpty() ? at : frames.getLast().next();
            return frames.stream().map(this::chunk).toList();
        }

        private long frameAt(long offset) {
            return offset == boundary ? offset : logs.frameAt(run, offset);
        }

        private LogChunk chunk(LogFrame frame) {
            var before =
                    starts.stream()
                            .filter(start -> start.phase() == frame.phase())
                            .map(start -> start.times().when().toEpochMilli())
                            .filter(started -> started <= frame.millis())
                            .sorted()
                            .toList();
            long since = before.isEmpty() ? frame.millis() : before.getLast();
            return new LogChunk(
                    frame.offset(),
                    frame.next(),
                    new StepKey(frame.phase(), Math.max(1, before.size()), frame.step()),
                    frame.stream(),
                    Duration.ofMillis(frame.millis() - since),
                    frame.bytes());
        }

        private void look() {
            if (System.nanoTime() - looked > FRESH.toNanos()) {
                starts = views.phases(run);
                looked = System.nanoTime();
            }
        }

        @Override
        public void awaitMore(long offset, Duration limit) throws InterruptedException {
            if (!isComplete()) {
                logs.awaitMore(run, frameAt(offset), limit);
            }
        }
    }
}
