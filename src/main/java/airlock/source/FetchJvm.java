package airlock.source;

import airlock.sandbox.ChildJvm;
import airlock.sandbox.JvmSpec;
import airlock.sandbox.OwnJvm;
import airlock.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How fetch processes are started; the limits fit [SourceLimits#DEFAULT].
public final class FetchJvm {
    private static final long HEAP = 768L << 20;

    /// Beside the heap: code, classes, stacks, mapped packs (512 MiB) and address space that the
    /// JVM only reserves.
    private static final long ADDRESS_SPACE = 3L << 30;

    private static final long FILE_SIZE = 16L << 30;
    private static final Duration CPU_TIME = Duration.ofMinutes(30);
    private static final Duration TRIAL = Duration.ofSeconds(60);

    private FetchJvm() {}

    static JvmSpec in(Sandbox sandbox) {
        return of(OwnJvm.running(), HEAP, sandbox);
    }

    static JvmSpec of(OwnJvm own, long heap, Sandbox sandbox) {
        List<String> limits =
                List.of(
                        // uses idle time, and takes none from the server
                        "nice",
                        "-n",
                        "10",
                        "prlimit",
                        "--core=0",
                        "--cpu=" + CPU_TIME.toSeconds(),
                        "--fsize=" + FILE_SIZE,
                        "--nofile=1024",
                        "--as=" + (heap + ADDRESS_SPACE));
        List<String> options =
                List.of(
                        "-XX:MaxMetaspaceSize=128m",
                        "-XX:CompressedClassSpaceSize=64m",
                        "-XX:ReservedCodeCacheSize=96m",
                        // for Landlock
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dsun.net.http.retryPost=false");
        return new JvmSpec(own, FetchProcess.class, heap, limits, options, sandbox);
    }

    /// Starts a process that loads its classes, writes a file into its home and ends.
    ///
    /// @param homes the directory of the processes' homes
    /// @return why that failed; empty if it worked
    public static Optional<String> trial(Sandbox sandbox, Path homes)
            throws IOException, InterruptedException {
        try (var child = ChildJvm.start(in(sandbox), homes, "trial", FetchProcess.TRIAL)) {
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
}
