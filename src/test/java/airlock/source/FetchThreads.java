package airlock.source;

import airlock.sandbox.RecordStream;
import airlock.sandbox.Sandbox;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/// Runs fetch processes as threads of this JVM, without isolation, for tests of a server with many
/// fetches, in which starting JVMs would be most of the work. Tests of this package and of the
/// whole server use processes.
public final class FetchThreads implements Sandbox, AutoCloseable {
    /// JGit's static state is for one order.
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private static final AtomicLong NUMBERS = new AtomicLong(Long.MAX_VALUE / 2);

    private final SystemReader before = SystemReader.getInstance();
    private final File home = FS.DETECTED.userHome();

    /// Isolates this JVM's JGit like a fetch process's, until it is closed.
    ///
    /// @param directory an empty one, in place of a home
    public FetchThreads(Path directory) {
        Isolation.install(directory);
    }

    @Override
    public Process start(Path home, List<Path> reads, List<String> command) throws IOException {
        return new OfThread(home);
    }

    @Override
    public void close() {
        SystemReader.setInstance(before);
        FS.DETECTED.setUserHome(home);
        new WindowCacheConfig().install();
    }

    /// The three streams of a process, and its end.
    private static final class OfThread extends Process {
        private final long number = NUMBERS.incrementAndGet();
        private final Pipe orders = Pipe.open();
        private final Pipe answers = Pipe.open();
        private final Thread thread;

        OfThread(Path home) throws IOException {
            thread = Thread.ofPlatform().daemon().name("fetch").start(() -> run(home));
        }

        private void run(Path home) {
            try (var in = Channels.newInputStream(orders.source());
                    var out = Channels.newOutputStream(answers.sink())) {
                var server = new RecordStream(in, out);
                server.write(new FetchMessage.Ready());
                Order order = server.read(Order.class);
                ONE_AT_A_TIME.lock();
                try {
                    var job = new FetchJob(home, stage -> FetchProcess.tell(server, stage));
                    server.write(job.run(order));
                } finally {
                    ONE_AT_A_TIME.unlock();
                }
            } catch (EOFException e) {
                // it was not needed
            } catch (IOException e) {
                // the reader is gone
            }
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(orders.sink());
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(answers.source());
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public long pid() {
            return number;
        }

        @Override
        public Stream<ProcessHandle> descendants() {
            return Stream.empty();
        }

        @Override
        public boolean isAlive() {
            return thread.isAlive();
        }

        @Override
        public int waitFor() throws InterruptedException {
            thread.join();
            return 0;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
            return thread.join(Duration.of(timeout, unit.toChronoUnit()));
        }

        @Override
        public int exitValue() {
            if (thread.isAlive()) {
                throw new IllegalThreadStateException("it is at work");
            }
            return 0;
        }

        @Override
        public Process destroyForcibly() {
            destroy();
            return this;
        }

        @Override
        public void destroy() {
            try {
                orders.sink().close();
                answers.source().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
