package airlock.source;

import airlock.base.Hash;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// A file that one thread hashes and writes while another makes its content. Both cost about the
/// same, so a tar takes half the time.
final class HashedFile extends OutputStream {
    private static final int BUFFER = 1 << 20;
    private static final int BUFFERS = 4;

    private final BlockingQueue<ByteBuffer> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final Hash hash = Hash.sha256();
    private final FileChannel channel;
    private final Thread writer;
    private ByteBuffer current = ByteBuffer.allocate(BUFFER);
    private boolean closed;
    private volatile @Nullable IOException fault;

    /// Opens `file`, which exists and is empty.
    HashedFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        for (int i = 1; i < BUFFERS; i++) {
            empty.add(ByteBuffer.allocate(BUFFER));
        }
        writer = Thread.ofPlatform().daemon().name("tar-writer").start(this::drain);
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
        int position = from;
        int left = length;
        while (left > 0) {
            int count = Math.min(left, current.remaining());
            current.put(bytes, position, count);
            position += count;
            left -= count;
            if (!current.hasRemaining()) {
                handOver();
            }
        }
    }

    private void handOver() throws IOException {
        check();
        try {
            full.put(current.flip());
            current = empty.take().clear();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void drain() {
        try {
            for (ByteBuffer buffer = full.take(); !isEnd(buffer); buffer = full.take()) {
                if (fault == null) {
                    write(buffer);
                }
                empty.add(buffer);
            }
        } catch (InterruptedException e) {
            fault = new InterruptedIOException("interrupted while writing a tar");
        }
    }

    private static boolean isEnd(ByteBuffer buffer) {
        return buffer.capacity() == 0;
    }

    private void write(ByteBuffer buffer) {
        try {
            hash.add(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            fault = e; // the maker hears of it with its next buffer
        }
    }

    private void check() throws IOException {
        IOException problem = fault;
        if (problem != null) {
            throw new IOException("a tar could not be written: " + problem.getMessage(), problem);
        }
    }

    /// Writes the rest and forces the file to the disk.
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (channel) {
            full.put(current.flip());
            full.put(ByteBuffer.allocate(0));
            writer.join();
            check();
            channel.force(true);
        } catch (InterruptedException e) {
            writer.interrupt();
            throw interrupted();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while packing");
    }
}
