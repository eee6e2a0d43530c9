package airlock.source;

import airlock.sandbox.OwnJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How a fetch process is started: this program's own classes in another JVM, with limits set by
/// prlimit(1), an environment of three variables and nothing secret among its arguments.
///
/// @param java the `java` to run
/// @param classPath absolute
/// @param heap the largest heap, in bytes
/// @param fileSize the largest file that it may write, in bytes
/// @param cpuTime how long it may compute
/// @param box what it is started in
public record ChildJvm(
        Path java, String classPath, long heap, long fileSize, Duration cpuTime, FetchBox box) {
    private static final long MIB = 1 << 20;

    /// Beside the heap: code, classes, stacks, mapped packs (512 MiB) and what the JVM only
    /// reserves.
    private static final long ADDRESS_SPACE = 3L << 30;

    private static final int OPEN_FILES = 1024;
    private static final Duration TRIAL = Duration.ofSeconds(60);
    private static final int LONGEST_COMPLAINT = 4096;

    /// The JVM and the classes that run now, with limits that fit [SourceLimits#DEFAULT].
    public static ChildJvm likeThisOne(FetchBox box) {
        var own = OwnJvm.running();
        return new ChildJvm(
                own.java(), own.classPath(), 768 * MIB, 16L << 30, Duration.ofMinutes(30), box);
    }

    /// Starts one that loads its classes, writes a file into its home and ends.
    ///
    /// @param home an empty directory
    /// @return why it did not get ready; empty where it did
    public Optional<String> trial(Path home) throws IOException, InterruptedException {
        var process = start(home, List.of(FetchProcess.TRIAL));
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TRIAL.toSeconds(), TimeUnit.SECONDS)) {
                return Optional.of("it did not get ready in " + TRIAL.toSeconds() + " s");
            }
            String said;
            try (var errors = process.getErrorStream()) {
                said = new String(errors.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(said.strip().lines().findFirst().orElse("no message"));
        } finally {
            FetchWorker.end(process);
        }
    }

    /// How much memory its objects may take, for people.
    String memory() {
        return heap / MIB + " MiB";
    }

    /// Starts one.
    ///
    /// @param home an empty directory
    /// @throws SourceException where that can't be done
    Process start(Path home) {
        return start(home, List.of());
    }

    private Process start(Path home, List<String> more) {
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        command.addAll(List.of("PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2"));
        // it may take all that is idle, and nothing from those who answer
        command.addAll(List.of("nice", "-n", "10"));
        command.add("prlimit");
        command.add("--core=0");
        command.add("--cpu=" + cpuTime.toSeconds());
        command.add("--fsize=" + fileSize);
        command.add("--nofile=" + OPEN_FILES);
        command.add("--as=" + (heap + ADDRESS_SPACE));
        command.add(java.toString());
        command.addAll(options(home));
        command.addAll(List.of("-cp", classPath, FetchProcess.class.getName(), home.toString()));
        command.addAll(more);
        try {
            return box.start(home, new OwnJvm(java, classPath).reads(), command);
        } catch (IOException e) {
            throw new SourceException(
                    "the fetch process could not be started (it takes prlimit of util-linux and "
                            + java
                            + "): "
                            + e.getMessage(),
                    e);
        }
    }

    private List<String> options(Path home) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "-Xmx" + heap / MIB + "m",
                                "-XX:+UseSerialGC",
                                // it lives for seconds: what the second compiler would gain by then
                                // is less than what it takes
                                "-XX:TieredStopAtLevel=1",
                                "-XX:-UsePerfData",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:MaxMetaspaceSize=128m",
                                "-XX:CompressedClassSpaceSize=64m",
                                "-XX:ReservedCodeCacheSize=96m",
                                "-Xshare:auto",
                                // it calls the kernel's Landlock
                                "--enable-native-access=ALL-UNNAMED",
                                "-Duser.home=" + home,
                                "-Djava.io.tmpdir=" + home,
                                "-Dsun.net.http.retryPost=false",
                                // its output is the protocol, and nobody would read a log
                                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"));
        options.addAll(new OwnJvm(java, classPath).options());
        return options;
    }
}
