package airlock.results;

import airlock.event.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The logs on disk by step, as pages and API read them.
///
/// Frames don't say which start of a phase they belong to: it is the last one that began before.
public final class StoredLogs implements LogSource {
    /// How old the list of phases may be.
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
            var chunks =
                    logs.read(run, at, (int) Math.min(bytes, MOST)).stream()
                            .map(this::chunk)
                            .toList();
            boundary = chunks.isEmpty() ? at : chunks.getLast().next();
            return chunks;
        }

        private long frameAt(long offset) {
            return offset == boundary ? offset : logs.frameAt(run, offset);
        }

        private LogChunk chunk(Frame chunk) {
            var before =
                    starts.stream()
                            .filter(start -> start.phase() == chunk.phase())
                            .map(start -> start.times().when().toEpochMilli())
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
            if (!isComplete()) {
                logs.awaitMore(run, frameAt(offset), limit);
            }
        }
    }
}
