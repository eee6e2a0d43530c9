package airlock.image;

import airlock.program.DebianPackage;
import airlock.program.Ending;
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

/// A program of Debian's that image making calls, with a clean environment.
final class Tool {
    static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MOST_ERRORS = 16 << 10;
    private static final Duration TIDY = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(2);

    /// Runs the arguments and ends them when stdin ends, as it does when this process is killed:
    /// the kernel closes the other end of the pipe. A SIGHUP that the tool sends to its process
    /// group is for what it started itself. The umask is the usual one, so that files in an image
    /// don't have that of a service. Where root may, the tool has a mount namespace of its own, so
    /// that what a killed mmdebstrap has mounted goes with it.
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

    /// Where programs are looked for.
    static List<String> places() {
        return List.of(PATH.split(":"));
    }

    Tool(String name) {
        this(name, "");
    }

    /// @param advice what may help when it fails, empty for nothing
    Tool(String name, String advice) {
        this(name, advice, Map.of());
    }

    private Tool(String name, String advice, Map<String, String> environment) {
        this.name = name;
        this.advice = advice;
        this.environment = Map.copyOf(environment);
    }

    /// The same with more in its environment.
    Tool with(Map<String, String> variables) {
        return new Tool(name, advice, variables);
    }

    /// Runs it without its stdout, and fails with the end of what it wrote to stderr if it does. It
    /// is ended when this process is.
    void run(String... arguments) throws InterruptedException {
        var line = line(arguments);
        run(guarded(line).withoutOutput());
    }

    /// The same.
    ///
    /// @param output where its stdout goes
    void write(Path output, String... arguments) throws InterruptedException {
        var line = line(arguments);
        run(guarded(line).writing(output));
    }

    private void run(Program program) throws InterruptedException {
        requireHere(name + " is needed");
        var ending = ending(program);
        if (!ending.passed()) {
            throw new ImageException(ending.words() + (advice.isEmpty() ? "" : "\n" + advice));
        }
    }

    /// @param reason why it is needed, for people
    void requireHere(String reason) {
        if (places().stream().noneMatch(place -> Files.isExecutable(Path.of(place, name)))) {
            throw new ImageException(
                    reason
                            + ", and "
                            + name
                            + " is not here: apt-get install "
                            + DebianPackage.of(name).orElse(name));
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

    private static Program guarded(List<String> line) {
        var guarded = new ArrayList<String>(List.of("sh", "-c", GUARD, "sh"));
        guarded.addAll(line);
        return Program.of(guarded);
    }

    /// Its errors are read here: a file for them may lie on the very disk that is full.
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

    /// Ends it if it still runs, and with it what it started; mmdebstrap tidies up when asked.
    private static void end(Process process) {
        var below = process.descendants().toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, TIDY.toMillis(), TimeUnit.MILLISECONDS).join();
        Program.end(process);
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
