package airlock.results;

import airlock.event.RunId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The logs of all runs, a file each below one directory.
public final class RunLogs {
    private static final int SCAN = 1 << 20;

    private final Path directory;

    public RunLogs(Path directory) {
        this.directory = directory;
    }

    /// Opens the log of `run` for appending.
    public RunLog append(RunId run) {
        return RunLog.append(file(run));
    }

    /// Whole frames from `offset` on, about `most` bytes of them. Empty where there is nothing
    /// more, or no log at all; an offset that is no frame's beginning gives nothing or noise,
    /// never an error.
    public List<LogChunk> read(RunId run, long offset, int most) {
        Path file = file(run);
        if (offset < 0 || !Files.exists(file)) {
            return List.of();
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return offset >= channel.size() ? List.of() : RunLog.read(channel, offset, most);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log " + file, e);
        }
    }

    /// Where the first frame begins that begins at or behind `offset`; the log's end where none
    /// does. Reads the log from its start, so it is for offsets that strangers give.
    public long frameAt(RunId run, long offset) {
        long at = 0;
        while (at < offset) {
            var piece = read(run, at, SCAN);
            if (piece.isEmpty()) {
                return at;
            }
            for (var chunk : piece) {
                if (at >= offset) {
                    return at;
                }
                at = chunk.next();
            }
        }
        return at;
    }

    /// How many bytes there are now, frames included.
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
}
