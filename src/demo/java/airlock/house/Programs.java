package airlock.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Runs programs for tests, in the repository's root.
public final class Programs {
    private Programs() {}

    /// What `command` printed; it must succeed.
    public static String run(String... command) {
        var outcome = outcome(command);
        if (outcome.code() != 0) {
            throw new AssertionError(
                    "%s ended with %d: %s"
                            .formatted(List.of(command), outcome.code(), outcome.output()));
        }
        return outcome.output();
    }

    /// Whether `command` succeeds.
    public static boolean runs(String... command) {
        return outcome(command).code() == 0;
    }

    /// What `command` printed, whether it succeeded or not.
    public static String output(String... command) {
        return outcome(command).output();
    }

    /// Whether a program is in the PATH.
    static boolean hasProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    private record Outcome(int code, String output) {}

    private static Outcome outcome(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();

            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command[0], e);
        }
    }
}
