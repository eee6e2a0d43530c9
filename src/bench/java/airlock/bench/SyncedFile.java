package airlock.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// What deliveries are held against: blocks appended to a file one by one, each forced to the disk
/// (fsync) before the next.
final class SyncedFile {
    private SyncedFile() {}

    /// Writes `count` blocks of `size` bytes.
    static HookLoad.Outcome write(Path file, int count, int size) throws IOException {
        var block = ByteBuffer.allocate(size);
        var times = new long[count];
        long start = System.nanoTime();
        try (var channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (int i = 0; i < count; i++) {
                long from = System.nanoTime();
                block.rewind();
                while (block.hasRemaining()) {
                    channel.write(block);
                }
                channel.force(true);
                times[i] = System.nanoTime() - from;
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(times);
        return new HookLoad.Outcome(count / seconds, times);
    }
}
