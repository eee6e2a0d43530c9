package airlock.results;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.RunLog.LogIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The logs of all runs, one file each below one directory.
public final class RunLogs {
    private final Path directory;
    private final Map<RunId, Set<Semaphore>> followers = new ConcurrentHashMap<>();

    public RunLogs(Path directory) {
        this.directory = directory;
    }

    public RunLog append(RunId run) {
        return RunLog.append(
                file(run), () -> followers.getOrDefault(run, Set.of()).forEach(Semaphore::release));
    }

    /// Whole frames from `offset` on, until they fill `most` bytes of the file. Empty at the end,
    /// or if there is no log. An offset within a frame returns nothing or noise, never an error.
    public List<LogFrame> read(RunId run, long offset, int most) {
        Path file = file(run);
        if (offset < 0 || !Files.exists(file)) {
            return List.of();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var frames = new LogFrames(channel);
            var found = new ArrayList<LogFrame>();
            long at = offset;
            while (at - offset < most) {
                int length = frames.length(at);
                if (length < 0) {
                    break;
                }
                found.add(frames.frame(at, length));
                at = found.getLast().next();
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log " + file, e);
        }
    }

    /// Waits until there is a whole frame at `offset`, or `limit` has passed. The file's size is
    /// not enough: a frame that a crash cut short never becomes whole.
    public void awaitMore(RunId run, long offset, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        var grown = new Semaphore(0);
        followers.compute(
                run,
                (_, others) -> {
                    Set<Semaphore> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                    all.add(grown);
                    return all;
                });
        try {
            boolean goesOn = true;
            while (goesOn && read(run, offset, 1).isEmpty()) {
                goesOn = grown.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                grown.drainPermits();
            }
        } finally {
            followers.computeIfPresent(
                    run,
                    (_, all) -> {
                        all.remove(grown);
                        return all.isEmpty() ? null : all;
                    });
        }
    }

    /// Offset of the first frame that begins at or after `offset`, which may be hostile; the end of
    /// the last whole frame if there is none.
    public long frameAt(RunId run, long offset) {
        Path file = file(run);
        if (offset <= 0 || !Files.exists(file)) {
            return 0;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            indexed(file, channel);
            var frames = new LogFrames(channel);
            long at = LogIndex.start(file, Math.min(offset, channel.size()));
            while (at < offset) {
                int length = frames.length(at);
                if (length < 0) {
                    return at;
                }
                at += RunLog.HEADER + length;
            }
            return at;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log " + file, e);
        }
    }

    /// Makes the index of a log that has none, since it was restored from a backup.
    private static void indexed(Path file, FileChannel log) throws IOException {
        if (!Files.exists(LogIndex.file(file))) {
            try (var index = LogIndex.empty(file)) {
                RunLog.wholeFrames(log, index);
            }
        }
    }

    public long size(RunId run) {
        try {
            return Files.exists(file(run)) ? Files.size(file(run)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the size of the log " + file(run), e);
        }
    }

    Path directory() {
        return directory;
    }

    Path file(RunId run) {
        return directory.resolve(run.text().substring(0, 2)).resolve(run.text() + ".log");
    }

    /// Reads the frames of a [RunLog], which may be millions of short ones.
    static final class LogFrames {
        private final FileChannel channel;
        private final FileWindow window;

        LogFrames(FileChannel channel) {
            this.channel = channel;
            this.window = new FileWindow(channel);
        }

        /// How many bytes the frame at `at` has; -1 if no whole frame begins there.
        int length(long at) throws IOException {
            ByteBuffer header = window.read(at, RunLog.HEADER);
            if (header.remaining() < RunLog.HEADER) {
                return -1;
            }
            int length = header.getInt(0);
            return length < 0
                            || length > RunLog.LARGEST
                            || Phase.numbered(header.get(4)).isEmpty()
                            || at + RunLog.HEADER + length > channel.size()
                    ? -1
                    : length;
        }

        LogFrame frame(long at, int length) throws IOException {
            ByteBuffer header = window.read(at, RunLog.HEADER);
            var phase = Phase.numbered(header.get(4)).orElseThrow();
            byte stream = header.get(5);
            short step = header.getShort(6);
            long millis = header.getLong(8);
            var bytes = new byte[length];
            window.read(at + RunLog.HEADER, length).get(bytes);
            return new LogFrame(
                    at, at + RunLog.HEADER + length, phase, step, stream, millis, bytes);
        }
    }

    /// A frame of a run's log.
    ///
    /// @param step index in the phase, -1 for the host's messages
    /// @param stream 1 stdout, 2 stderr, 3 bash's trace, 0 the host
    /// @param millis since 1970-01-01 UTC, when the host received it
    /// @param bytes as the guest wrote them, so hostile
    public record LogFrame(
            long offset, long next, Phase phase, int step, int stream, long millis, byte[] bytes) {}
}
