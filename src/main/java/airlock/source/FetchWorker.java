package airlock.source;

import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.JvmSpec.OwnJvm;
import airlock.sandbox.Sandbox;
import airlock.source.FetchMessage.Stage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server's side of one fetch process, which carries out one order.
public final class FetchWorker {
    private static final int OUT_OF_MEMORY = 3;
    private static final int CPU_LIMIT = 128 + 24;

    private static final long HEAP = 768L << 20;

    /// Beside the heap: code, classes, stacks, mapped packs (512 MiB) and address space that the
    /// JVM only reserves.
    private static final long ADDRESS_SPACE = 3L << 30;

    private static final long FILE_SIZE = 16L << 30;
    private static final Duration CPU_TIME = Duration.ofMinutes(30);
    private static final Duration TRIAL = Duration.ofSeconds(60);

    private final JvmSpec jvm;
    private final ChildJvm child;

    /// The stage that the child told last; empty before the first.
    private volatile Optional<Stage> stage = Optional.empty();

    private volatile boolean ready;

    private FetchWorker(JvmSpec jvm, ChildJvm child) {
        this.jvm = jvm;
        this.child = child;
    }

    /// How fetch processes are started; the limits fit [SourceLimits#DEFAULT].
    static JvmSpec spec(Sandbox sandbox) {
        return spec(OwnJvm.running(), HEAP, sandbox);
    }

    static JvmSpec spec(OwnJvm own, long heap, Sandbox sandbox) {
        // nice: uses idle time, and takes none from the server
        String limits =
                "nice -n 10 prlimit --core=0 --cpu=%d --fsize=%d --nofile=1024 --as=%d"
                        .formatted(CPU_TIME.toSeconds(), FILE_SIZE, heap + ADDRESS_SPACE);
        // native access is for Landlock
        String options =
                "-XX:MaxMetaspaceSize=128m -XX:CompressedClassSpaceSize=64m"
                        + " -XX:ReservedCodeCacheSize=96m --enable-native-access=ALL-UNNAMED"
                        + " -Dsun.net.http.retryPost=false";
        return new JvmSpec(
                own,
                FetchProcess.class,
                heap,
                List.of(limits.split(" ", -1)),
                List.of(options.split(" ", -1)),
                sandbox);
    }

    /// Starts a process that loads its classes, writes a file into its home and ends.
    ///
    /// @param homes the directory of the processes' homes
    /// @return why that failed; empty if it worked
    public static Optional<String> trial(Sandbox sandbox, Path homes)
            throws IOException, InterruptedException {
        try (var child = ChildJvm.start(spec(sandbox), homes, "trial", FetchProcess.TRIAL)) {
            if (!child.endsWithin(TRIAL)) {
                return Optional.of("it did not get ready in " + TRIAL.toSeconds() + " s");
            }
            var ended = child.ended();
            return ended.code() == 0
                    ? Optional.empty()
                    : Optional.of(
                            ended.complaint().strip().lines().findFirst().orElse("no message"));
        }
    }

    /// Starts a process, which gets ready by itself.
    static FetchWorker start(JvmSpec jvm, Path homes) {
        try {
            return new FetchWorker(jvm, ChildJvm.start(jvm, homes, "home"));
        } catch (IOException e) {
            throw new SourceException("the fetch process did not start: " + e.getMessage(), e);
        }
    }

    ChildJvm child() {
        return child;
    }

    /// Has the child carry out `order`. If it gives no answer in time, this gives one instead.
    Answer ask(Order order) throws InterruptedException {
        var thread = Thread.ofVirtual().name("fetch-" + child.pid());
        var answer = CompletableFuture.supplyAsync(() -> converse(order), thread::start);
        Duration time = order.target().limits().time();
        try {
            return answer.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return tooLate(order.target().url(), time);
        } catch (ExecutionException e) {
            throw new SourceException("the fetch process could not be talked to", e);
        }
    }

    private Answer converse(Order order) {
        try {
            child.records().write(order);
        } catch (IOException _) {
            // it closes its input before it has ended, so isAlive() may still be true
            return ended();
        }
        try {
            while (true) {
                switch (child.records().read(FetchMessage.class)) {
                    case FetchMessage.Ready _ -> ready = true;
                    case FetchMessage.Doing(var now) -> stage = Optional.of(now);
                    case Answer answer -> {
                        return answer;
                    }
                }
            }
        } catch (EOFException _) {
            return ended();
        } catch (IOException e) {
            return child.isAlive()
                    ? new Answer.Broke("the fetch process answered nonsense: " + e.getMessage())
                    : ended();
        }
    }

    /// The answer if the process ended without one.
    private Answer ended() {
        ChildJvm.Ended ended;
        try {
            ended = child.ended();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Broke("interrupted");
        }
        return switch (ended.code()) {
            case OUT_OF_MEMORY ->
                    new Refused(
                            "reading the commit takes more than the %s of memory that a fetch process has"
                                    .formatted(jvm.memory()));
            case CPU_LIMIT ->
                    new Refused("reading the commit takes more CPU time than a fetch process has");
            default -> {
                String how = "ended with code %d: %s".formatted(ended.code(), ended.complaint());
                // a moment's lack of memory may keep a process from getting ready
                yield ready
                        ? new Answer.Broke("the fetch process " + how)
                        : new Unreachable("the fetch process did not start; it " + how, true);
            }
        };
    }

    private Answer tooLate(String url, Duration time) {
        String within = " within " + time.toSeconds() + " s";
        if (stage.isEmpty()) {
            return new Unreachable("the fetch process did not start" + within, true);
        }
        return switch (stage.get()) {
            case ASKING -> new Unreachable(url + " did not answer" + within, true, true);
            case RECEIVING ->
                    new Unreachable(url + " did not send all that was asked for" + within, true);
            case PACKING -> new Refused("the commit could not be read and packed" + within);
        };
    }
}
