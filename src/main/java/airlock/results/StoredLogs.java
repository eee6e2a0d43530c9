package airlock.results;

import airlock.event.RunId;
import airlock.results.RunLogs.LogFrame;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Reads the build logs of runs by step.
///
/// Frames do not name the start of a phase that they belong to: it is the last one before them.
public final class StoredLogs {
    /// Maximum age of the list of phases.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final int MOST = 1 << 20;
    private static final int PIECE = 32 << 10;

    private final RunLogs logs;
    private final Views views;

    public StoredLogs(RunLogs logs, Views views) {
        this.logs = logs;
        this.views = views;
    }

    /// Opens the log of a run, which is empty before its first record.
    public OpenLog open(RunId run) {
        return new OpenLog(run);
    }

    /// A piece of a run's log, as the guest sent it.
    ///
    /// @param offset in the log file, bytes
    /// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 Airlock
    /// @param at since the start of its phase
    /// @param text hostile bytes
    public record LogChunk(
            long offset, long next, StepKey step, int stream, Duration at, byte[] text) {
        public static final int STDERR = 2;
        public static final int TRACE = 3;
    }

    /// One run's log, read by one thread.
    public final class OpenLog {
        private final RunId run;
        private List<PhaseView> starts;
        private long looked;
        private long boundary;

        private OpenLog(RunId run) {
            this.run = run;
            this.starts = views.phases(run);
            this.looked = System.nanoTime();
        }

        /// Bytes that can be read now; offsets are less.
        public long size() {
            return logs.size(run);
        }

        public boolean isComplete() {
            return views.head(run).map(RunHead::isOver).orElse(true);
        }

        /// All chunks from the first one that begins at or after `offset` to the end, which is
        /// looked for again whenever some have been taken.
        public Iterable<LogChunk> from(long offset) {
            return () ->
                    Stream.iterate(
                                    read(offset, PIECE),
                                    piece -> !piece.isEmpty(),
                                    piece -> read(piece.getLast().next(), PIECE))
                            .flatMap(List::stream)
                            .iterator();
        }

        /// Chunks from the first one that begins at or after `offset`, up to the one that reaches
        /// `bytes` of the log, at most 1 MiB, or to the current end. Any offset is valid, since it
        /// comes from clients; finding it takes the same time anywhere in a log.
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

        /// Waits until there is a chunk at or after `offset`, the log is complete, or `limit` has
        /// passed.
        public void awaitMore(long offset, Duration limit) throws InterruptedException {
            if (!isComplete()) {
                logs.awaitMore(run, frameAt(offset), limit);
            }
        }
    }
}
