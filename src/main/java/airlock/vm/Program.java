package airlock.vm;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a tool of the host to its end.
public final class Program {
    private static final int MOST_OUTPUT = 64 << 10;
    private static final int NOT_FOUND = 127;

    /// A daemon that the tool left may hold its output open.
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private Program() {}

    /// How it ended.
    ///
    /// @param code exit code; 127 when it could not be started, 128 and the signal when it was
    ///     killed, -1 when it took too long
    /// @param output the last 64 KiB of stdout and stderr
    public record Result(int code, String output) {
        /// Whether the exit code was 0.
        public boolean passed() {
            return code == 0;
        }

        /// The last line that is not blank.
        public String lastLine() {
            return output.strip().lines().reduce("", (_, line) -> line);
        }
    }

    /// Runs it with the C.UTF-8 locale and nothing on stdin.
    ///
    /// @param limit after which it is killed with its descendants
    public static Result run(List<String> argv, Duration limit) throws InterruptedException {
        var builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            var process = builder.start();
            process.getOutputStream().close();
            var output = new Tail(MOST_OUTPUT);
            var reader = Thread.ofVirtual().start(() -> output.drain(process.getInputStream()));
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    kill(process);
                    return new Result(-1, "%s took longer than %s".formatted(argv, limit));
                }
                reader.join(DRAIN);
                return new Result(process.exitValue(), output.text());
            } finally {
                kill(process);
            }
        } catch (IOException e) {
            return new Result(NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
