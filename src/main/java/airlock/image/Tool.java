package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program of Debian's that image making calls, with a clean environment.
final class Tool {
    static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int SHOWN = 2000;
    private static final Duration TIDY = Duration.ofSeconds(10);

    private static final int NOT_FOUND = 127;

    /// Runs the arguments and ends them when stdin ends, as it does when this process is killed:
    /// the kernel closes the other end of the pipe.
    private static final String GUARD =
            """
            exec 3<&0 </dev/null
            "$@" 3<&- &
            tool=$!
            trap 'kill -TERM "$tool" 2>/dev/null' TERM
            (read -r _ <&3; kill -TERM "$tool") >/dev/null 2>&1 &
            guard=$!
            exec 3<&-
            wait "$tool"
            code=$?
            while kill -0 "$tool" 2>/dev/null; do
              wait "$tool"
              code=$?
            done
            kill "$guard" 2>/dev/null
            exit "$code"
            """;

    private final String name;
    private final String debianPackage;
    private final String advice;
    private final Map<String, String> environment;

    /// Where programs are looked for.
    static List<String> places() {
        return List.of(PATH.split(":"));
    }

    Tool(String name, String debianPackage) {
        this(name, debianPackage, "");
    }

    /// @param advice what may help when it fails, empty for nothing
    Tool(String name, String debianPackage, String advice) {
        this(name, debianPackage, advice, Map.of());
    }

    private Tool(
            String name, String debianPackage, String advice, Map<String, String> environment) {
        this.name = name;
        this.debianPackage = debianPackage;
        this.advice = advice;
        this.environment = Map.copyOf(environment);
    }

    /// The same with more in its environment.
    Tool with(Map<String, String> variables) {
        return new Tool(name, debianPackage, advice, variables);
    }

    /// Runs it and fails with the end of what it printed if it does. It is ended when this process
    /// is.
    ///
    /// @param output where its stdout goes
    void run(Path output, String... arguments) throws InterruptedException {
        var command = new ArrayList<String>(List.of(name));
        command.addAll(List.of(arguments));
        Path errors = output.resolveSibling(output.getFileName() + ".stderr");
        try {
            int code = code(command, output, errors);
            if (code == NOT_FOUND) {
                throw new IOException(tail(errors));
            }
            if (code != 0) {
                throw failed(code, command, errors);
            }
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new ImageException(
                    name
                            + " could not be run: "
                            + e.getMessage()
                            + "; install it: apt-get install "
                            + debianPackage,
                    e);
        }
    }

    /// @param reason why it is needed, for people
    void requireHere(String reason) {
        if (places().stream().noneMatch(place -> Files.isExecutable(Path.of(place, name)))) {
            throw new ImageException(
                    reason + ", and " + name + " is not here: apt-get install " + debianPackage);
        }
    }

    /// The same as a line of its own, for somebody else to start.
    List<String> line(String... arguments) {
        var line = new ArrayList<String>(List.of("env", "-i"));
        environment().forEach((key, value) -> line.add(key + "=" + value));
        line.add(name);
        line.addAll(List.of(arguments));
        return line;
    }

    private SortedMap<String, String> environment() {
        var all = new TreeMap<String, String>(environment);
        all.putIfAbsent("PATH", PATH);
        all.putIfAbsent("LC_ALL", "C.UTF-8");
        return all;
    }

    @Override
    public String toString() {
        return name;
    }

    private int code(List<String> command, Path output, Path errors)
            throws IOException, InterruptedException {
        var guarded = new ArrayList<String>(List.of("sh", "-c", GUARD, "sh"));
        guarded.addAll(command);
        var builder = new ProcessBuilder(guarded);
        builder.environment().clear();
        builder.environment().putAll(environment());
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        var process = builder.start();
        try {
            return process.waitFor();
        } finally {
            end(process);
        }
    }

    private ImageException failed(int code, List<String> command, Path errors) throws IOException {
        return new ImageException(
                name
                        + " failed with code "
                        + code
                        + ": "
                        + String.join(" ", command)
                        + "\n"
                        + tail(errors)
                        + (advice.isEmpty() ? "" : "\n" + advice));
    }

    /// Ends it if it still runs, and with it what it started; mmdebstrap tidies up when asked.
    private static void end(Process process) {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, TIDY.toMillis(), TimeUnit.MILLISECONDS).join();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static String tail(Path errors) throws IOException {
        String text = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
        return text.substring(Math.max(0, text.length() - SHOWN)).strip();
    }
}
