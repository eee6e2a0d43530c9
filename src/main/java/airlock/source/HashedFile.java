package airlock.source;

import airlock.base.Hash;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A file that one thread hashes and writes while another makes its content. Both cost about the
/// same, so a tar takes half the time.
final class HashedFile extends OutputStream {
    private static final int BUFFER = 1 << 20;

    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("tar-writer").factory());
    private final Hash hash = Hash.sha256();
    private final FileChannel channel;
    private ByteBuffer current = ByteBuffer.allocate(BUFFER);
    private ByteBuffer other = ByteBuffer.allocate(BUFFER);
    private Future<@Nullable Void> otherIsWritten = CompletableFuture.completedFuture(null);

    /// Opens `file`, which exists and is empty.
    HashedFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /// The SHA-256 of the content, in lower-case hex digits; may be called once, after closing.
    String sha256Hex() {
        return hash.hex();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        int end = from + length;
        for (int at = from; at < end; ) {
            int count = Math.min(end - at, current.remaining());
            current.put(bytes, at, count);
            at += count;
            if (!current.hasRemaining()) {
                handOver();
            }
        }
    }

    private void handOver() throws IOException {
        awaitOther();
        ByteBuffer full = current.flip();
        current = other.clear();
        other = full;
        otherIsWritten = writer.submit(() -> writeOut(full));
    }

    private @Nullable Void writeOut(ByteBuffer buffer) throws IOException {
        hash.add(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        return null;
    }

    private void awaitOther() throws IOException {
        try {
            otherIsWritten.get();
        } catch (ExecutionException e) {
            String why = e.getCause() == null ? "" : e.getCause().getMessage();
            throw new IOException("a tar could not be written: " + why, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while packing");
        }
    }

    /// Writes the rest and forces the file to the disk.
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            handOver();
            awaitOther();
            channel.force(true);
        } finally {
            writer.shutdownNow();
        }
    }
}
