package airlock.program;

import airlock.program.Ending.DebianPackage;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program of the host; Airlock starts programs only by this class.
///
/// A program gets a session of its own, so that a signal to its process group can't reach Airlock:
/// mmdebstrap(1) sends one when a disk is full. setsid(1) makes the session and then becomes the
/// program, so the process is the program itself, and its id is the session's.
public final class Program {
    private static final int MOST_OUTPUT = 64 << 10;
    private static final int SIGKILL = 9;

    /// The directories that execvp(3) searches without a `PATH`.
    private static final String USUAL_PATH = "/bin:/usr/bin";

    /// How long to wait for the end of the output: a daemon that the program left may hold it open.
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final List<String> argv;
    private final ProcessBuilder builder;

    private Program(List<String> argv, List<String> before) {
        this.argv = List.copyOf(argv);
        this.builder = new ProcessBuilder(Stream.concat(before.stream(), argv.stream()).toList());
    }

    /// A program with this process's environment; the caller reads and writes its three streams.
    ///
    /// @param argv its name or path, then its arguments
    public static Program of(List<String> argv) {
        return new Program(argv, List.of("setsid", "--wait"));
    }

    /// A program that keeps this process's terminal and, with it, its session: for stty(1) alone.
    public static Program atTerminal(List<String> argv) {
        return new Program(argv, List.of());
    }

    /// Runs it with the C.UTF-8 locale, nothing on stdin, and both outputs as one.
    ///
    /// @param limit after which it is killed with all that it started
    public static Ending run(List<String> argv, Duration limit) throws InterruptedException {
        return of(argv).with(Map.of("LC_ALL", "C.UTF-8")).run(limit);
    }

    public Program with(Map<String, String> variables) {
        builder.environment().putAll(variables);
        return this;
    }

    /// Gives it this environment and nothing else.
    public Program withOnly(Map<String, String> variables) {
        builder.environment().clear();
        return with(variables);
    }

    public Program withErrorsInOutput() {
        builder.redirectErrorStream(true);
        return this;
    }

    public Program withoutErrors() {
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        return this;
    }

    public Program withoutOutput() {
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return this;
    }

    public Program writing(Path output) {
        builder.redirectOutput(output.toFile());
        return this;
    }

    public List<String> argv() {
        return argv;
    }

    public String name() {
        return String.valueOf(Path.of(argv.getFirst()).getFileName());
    }

    /// Starts it. The caller ends it by [#end].
    ///
    /// @throws IOException if it is missing, with the package to install, or the machine can't
    ///     start another process
    public Process start() throws IOException {
        String program = argv.getFirst();
        if (!isHere(program)) {
            throw new IOException("there is no " + program + DebianPackage.advice(program));
        }
        return builder.start();
    }

    private boolean isHere(String program) {
        if (program.contains("/")) {
            return Files.exists(Path.of(program));
        }
        String path = builder.environment().getOrDefault("PATH", USUAL_PATH);
        return Stream.of(path.split(":", -1))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    /// Runs it to its end with nothing on stdin, and both outputs as one.
    ///
    /// @param limit after which it is killed with all that it started
    public Ending run(Duration limit) throws InterruptedException {
        try {
            var process = withErrorsInOutput().start();
            var output = Tail.reading(process.getInputStream(), MOST_OUTPUT);
            try {
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    return new Ending(name(), Ending.TOO_LONG, "it took longer than " + limit);
                }
                return new Ending(name(), process.exitValue(), output.textWithin(DRAIN));
            } finally {
                end(process);
            }
        } catch (IOException e) {
            return new Ending(name(), Ending.NOT_FOUND, String.valueOf(e.getMessage()));
        }
    }

    /// Kills a program that [#start] started, its descendants, and the processes that it left in
    /// its process group.
    public static void end(Process process) {
        var below = new ArrayList<>(process.descendants().toList());
        killGroup(process.pid());
        below.forEach(ProcessHandle::destroyForcibly);
        // only before its end: after it Java closes pipes that still hold unread output
        if (process.isAlive()) {
            process.destroyForcibly();
        }
    }

    /// kill(2) of the processes that are left in a group.
    ///
    /// @param leader the process that made it, which may have ended
    @SuppressWarnings("restricted") // libc; the JVM's command line allows it
    private static void killGroup(long leader) {
        // 0 and 1 would mean other groups
        if (leader <= 1) {
            throw new IllegalArgumentException("not the leader of a group: " + leader);
        }
        var linker = Linker.nativeLinker();
        var number = ValueLayout.JAVA_INT;
        var kill =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("kill"),
                        FunctionDescriptor.of(number, number, number));
        try {
            int _ = (int) kill.invokeExact((int) -leader, SIGKILL);
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }
}
