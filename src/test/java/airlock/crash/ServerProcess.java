package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// `airlock serve` in a process of its own, started as `bin/airlock` starts it.
public record ServerProcess(Process process, Path output) implements AutoCloseable {
    private static final Duration STARTS = Duration.ofSeconds(90);
    private static final Duration STOPS = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("airlock serves \\S+ on port (\\d+)");

    /// Starts it; it may not serve yet.
    ///
    /// @param before the beginning of the command, which executes the JVM; may be empty
    /// @param options for the JVM, after those of `bin/airlock`
    public static ServerProcess start(
            Path config, Path output, List<String> before, List<String> options)
            throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError"));
        // starts faster; it lives only for seconds
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), "airlock.Main", "serve"));
        command.addAll(List.of("--config", config.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        return new ServerProcess(builder.start(), output);
    }

    /// The tests' class path without the tests.
    private static String classPath() {
        String all =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(":"))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    /// Waits until it listens.
    public URI url() {
        Awaitility.await("the server serves")
                .atMost(STARTS)
                .failFast(
                        () ->
                                assertThat(process.isAlive())
                                        .as("it runs; it said %s", said())
                                        .isTrue())
                .until(() -> port().isPresent());
        return URI.create("http://127.0.0.1:" + port().orElseThrow());
    }

    private Optional<String> port() {
        var line = PORT.matcher(said());
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    /// All its output.
    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// A path as this process sees it.
    Path seen(Path path) {
        return Path.of("/proc", Long.toString(pid()), "root" + path.toAbsolutePath());
    }

    /// `kill -9` of this very process.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(STOPS.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " survived kill -9");
        }
    }

    /// Stops it as an operator would.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
