package airlock.house;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/// Prints all threads and all child processes when a test exceeds its time limit. JUnit then only
/// interrupts the test; if it does not end after that either, this ends the process.
public final class HangWatch implements PreInterruptCallback {
    /// The configuration parameter for how long an interrupted test may go on, in seconds.
    static final String GRACE = "airlock.hang.grace";

    /// The exit code of a process that had a test which did not end.
    static final int EXIT = 124;

    private static final long STANDARD_GRACE = 180;

    // tests replace System.err
    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    /// Closed by JUnit when the test has ended.
    private record Ended(CountDownLatch latch) implements AutoCloseable {
        @Override
        public void close() {
            latch.countDown();
        }
    }

    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext test) {
        var ended = new CountDownLatch(1);
        test.getStore(Namespace.create(HangWatch.class)).put(ended, new Ended(ended));
        print(test.getUniqueId() + " exceeds its time limit");
        var grace =
                Duration.ofSeconds(
                        test.getConfigurationParameter(GRACE, Long::valueOf)
                                .orElse(STANDARD_GRACE));
        Thread.ofPlatform()
                .daemon()
                .name("hang-watch")
                .start(() -> halt(test.getUniqueId(), ended, grace));
    }

    private void halt(String test, CountDownLatch ended, Duration grace) {
        try {
            if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                print(test + " ignores its interruption; ending the process");
                Runtime.getRuntime().halt(EXIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(String what) {
        out.printf("=== %s%n=== child processes: pid, state, command%n", what);
        ProcessHandle.current()
                .descendants()
                .forEach(child -> out.printf("%d %s%n", child.pid(), stateAndCommand(child)));
        out.printf("=== threads%n%s=== end of threads%n", threads());
    }

    /// Source of the format: proc(5), /proc/pid/stat. The name in parentheses may hold anything.
    private static String stateAndCommand(ProcessHandle child) {
        String command =
                child.info().commandLine().or(child.info()::command).orElse("(no command line)");
        try {
            String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) + " " + command;
        } catch (IOException _) {
            return "gone " + command;
        }
    }

    /// Virtual threads included.
    private static String threads() {
        try {
            Path folder = Files.createTempDirectory("hang-watch");
            Path file = folder.resolve("threads");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(
                            file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            String threads = Files.readString(file);
            Files.delete(file);
            Files.delete(folder);
            return threads;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
