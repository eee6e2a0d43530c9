package airlock.source;

import airlock.base.Trees;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parent's side of one fetch process: asked once, then thrown away.
final class FetchWorker implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchWorker.class);
    private static final int OUT_OF_MEMORY = 3;
    private static final int CPU_LIMIT = 128 + 24;
    private static final int LONGEST_COMPLAINT = 4096;
    private static final Duration KILLED = Duration.ofSeconds(10);

    /// What the child last said that it does; before its first word, that it starts.
    private sealed interface Doing {
        record Starting() implements Doing {}

        record At(Stage stage) implements Doing {}
    }

    private final ChildJvm jvm;
    private final Path home;
    private final Process process;
    private final CompletableFuture<String> complaints = new CompletableFuture<>();
    private volatile Doing doing = new Doing.Starting();
    private volatile boolean ready;

    private FetchWorker(ChildJvm jvm, Path home, Process process) {
        this.jvm = jvm;
        this.home = home;
        this.process = process;
        Thread.ofVirtual().name("fetch-complaints").start(this::listen);
    }

    /// Starts a process; it gets ready by itself.
    ///
    /// @param directory where its home is made
    static FetchWorker start(ChildJvm jvm, Path directory) {
        try {
            Files.createDirectories(directory);
            Path home = Files.createTempDirectory(directory, "home");
            return new FetchWorker(jvm, home, jvm.start(home));
        } catch (IOException e) {
            throw new SourceException("no directory for the fetch process in " + directory, e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// Has it carry out `order`; what it does not answer in time is answered for it.
    Answer ask(Order order) throws InterruptedException {
        var answer = new CompletableFuture<Answer>();
        Thread.ofVirtual().name("fetch-" + pid()).start(() -> converse(order, answer));
        Duration time = order.target().limits().time();
        try {
            return answer.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return tooLate(order.target().url(), time);
        } catch (ExecutionException e) {
            throw new SourceException("the fetch process could not be talked to", e);
        }
    }

    private void converse(Order order, CompletableFuture<Answer> answer) {
        try {
            Frames.write(process.getOutputStream(), Frames.bytes(OrderCodec::write, order));
        } catch (IOException e) {
            // it closes its input before it has ended, so isAlive() may still be true
            answer.complete(ended());
            return;
        }
        try {
            while (true) {
                DataInputStream frame = Frames.read(process.getInputStream());
                switch (frame.readByte()) {
                    case FetchProcess.READY -> ready = true;
                    case FetchProcess.STAGE ->
                            doing = new Doing.At(Stage.valueOf(Frames.text(frame)));
                    case FetchProcess.ANSWER -> {
                        answer.complete(AnswerCodec.read(frame));
                        return;
                    }
                    default -> throw new IOException("a frame of unknown kind");
                }
            }
        } catch (EOFException e) {
            answer.complete(ended());
        } catch (IOException | RuntimeException e) {
            answer.complete(
                    process.isAlive()
                            ? new Answer.Broke("the fetch process answered nonsense: " + e)
                            : ended());
        }
    }

    /// It ended without an answer.
    private Answer ended() {
        int code;
        try {
            code = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Broke("interrupted");
        }
        return switch (code) {
            case OUT_OF_MEMORY ->
                    new Refused(
                            "reading the commit takes more than the %s of memory that a fetch process has"
                                    .formatted(jvm.memory()));
            case CPU_LIMIT ->
                    new Refused("reading the commit takes more CPU time than a fetch process has");
            default -> ended(code);
        };
    }

    /// One that has never been ready did not start, which a moment's lack of memory may cause.
    private Answer ended(int code) {
        String said = complaints.join();
        return ready
                ? new Answer.Broke("the fetch process ended with code %d: %s".formatted(code, said))
                : new Unreachable(
                        "the fetch process did not start; it ended with code %d: %s"
                                .formatted(code, said),
                        true);
    }

    private Answer tooLate(String url, Duration time) {
        String within = " within " + time.toSeconds() + " s";
        return switch (doing) {
            case Doing.Starting _ ->
                    new Unreachable("the fetch process did not start" + within, true);
            case Doing.At(Stage stage) ->
                    switch (stage) {
                        case ASKING ->
                                new Unreachable(url + " did not answer" + within, true, true);
                        case RECEIVING ->
                                new Unreachable(
                                        url + " did not send all that was asked for" + within,
                                        true);
                        case PACKING ->
                                new Refused("the commit could not be read and packed" + within);
                    };
        };
    }

    private void listen() {
        try (InputStream errors = process.getErrorStream()) {
            String text = new String(errors.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
            errors.transferTo(OutputStream.nullOutputStream());
            complaints.complete(text);
        } catch (IOException e) {
            complaints.complete("(its complaints could not be read)");
        }
    }

    /// The one directory that the process writes.
    Path home() {
        return home;
    }

    /// Ends the process, whatever it does, and waits until nothing of it is left.
    void end() throws InterruptedException {
        end(process);
    }

    /// Ends the process, whatever it does, and removes its home.
    @Override
    public void close() {
        try {
            end(process);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        remove(home);
    }

    /// Kills a fetch process and waits until nothing of it is left. The process of the walls ends
    /// after those in them, which may write until then; it is not killed before them.
    static void end(Process process) throws InterruptedException {
        List<ProcessHandle> inside = process.descendants().toList();
        inside.forEach(ProcessHandle::destroyForcibly);
        if (inside.isEmpty() || !process.waitFor(KILLED.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /// Removes what a killed server's processes left behind; they have ended with it.
    static void removeHomes(Path directory) {
        try (Stream<Path> homes = Files.exists(directory) ? Files.list(directory) : Stream.of()) {
            homes.forEach(FetchWorker::remove);
        } catch (IOException e) {
            LOG.warn("the homes of former fetch processes in {} stay", directory, e);
        }
    }

    private static void remove(Path home) {
        try {
            Trees.remove(home);
        } catch (IOException e) {
            LOG.warn("the home {} of a fetch process stays", home, e);
        }
    }
}
