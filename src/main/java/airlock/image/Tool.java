package airlock.image;

import airlock.program.Ending;
import airlock.program.Ending.DebianPackage;
import airlock.program.Program;
import airlock.program.Tail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// A Debian program that builds images call, with a clean environment.
final class Tool {
    static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MOST_ERRORS = 16 << 10;
    private static final Duration TIDY = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /// Runs the arguments, and terminates them when stdin closes, which happens if this process is
    /// killed. A SIGHUP that the tool sends to its process group only reaches its own children. The
    /// umask is the usual one, whatever the service's. As root, the tool gets a mount namespace, so
    /// that the mounts of a killed mmdebstrap disappear.
    private static final String GUARD =
            """
            umask 022
            if unshare --mount --propagation private true 2>/dev/null; then
              set -- unshare --mount --propagation private "$@"
            fi
            exec 3<&0 </dev/null
            "$@" 3<&- &
            tool=$!
            trap : HUP
            trap 'kill -TERM "$tool" 2>/dev/null' TERM
            (trap '' HUP; read -r _ <&3; kill -TERM "$tool") >/dev/null 2>&1 &
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
    private final String advice;
    private final Map<String, String> environment;

    /// The directories that are searched for programs.
    static List<String> places() {
        return List.of(PATH.split(":"));
    }

    Tool(String name) {
        this(name, "");
    }

    /// @param advice is added to the message of a failure
    Tool(String name, String advice) {
        this(name, advice, Map.of());
    }

    private Tool(String name, String advice, Map<String, String> environment) {
        this.name = name;
        this.advice = advice;
        this.environment = Map.copyOf(environment);
    }

    Tool with(Map<String, String> variables) {
        return new Tool(name, advice, variables);
    }

    /// Runs it and drops its stdout; ends it if this process ends.
    ///
    /// @throws ImageException with the end of its stderr if it fails
    void run(String... arguments) throws InterruptedException {
        run(guarded(line(arguments)).withoutOutput());
    }

    /// Runs it and writes its stdout to a file; ends it if this process ends.
    void write(Path output, String... arguments) throws InterruptedException {
        run(guarded(line(arguments)).writing(output));
    }

    private void run(Program program) throws InterruptedException {
        requireHere(name + " is needed");
        var ending = ending(program);
        if (!ending.passed()) {
            throw new ImageException(ending.words() + (advice.isEmpty() ? "" : "\n" + advice));
        }
    }

    /// @throws ImageException with `reason` if it is not installed
    void requireHere(String reason) {
        if (places().stream().noneMatch(place -> Files.isExecutable(Path.of(place, name)))) {
            throw new ImageException(
                    "%s, and %s is not here: apt-get install %s"
                            .formatted(reason, name, DebianPackage.of(name).orElse(name)));
        }
    }

    /// Its command line, for programs in a sandbox.
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

    private static Program guarded(List<String> line) {
        var guarded = new ArrayList<String>(List.of("sh", "-c", GUARD, "sh"));
        guarded.addAll(line);
        return Program.of(guarded);
    }

    /// Reads stderr from a pipe: a file might be on the disk that is full.
    private Ending ending(Program program) throws InterruptedException {
        try {
            var process = program.start();
            var errors = Tail.reading(process.getErrorStream(), MOST_ERRORS);
            try {
                int code = process.waitFor();
                return new Ending(name, code, errors.textWithin(DRAIN));
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw new ImageException(name + " could not be started: " + e.getMessage(), e);
        }
    }

    /// Ends it with all that it started; gives mmdebstrap time to clean up.
    private static void end(Process process) {
        var below = process.descendants().toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, TIDY.toMillis(), TimeUnit.MILLISECONDS).join();
        Program.end(process);
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
