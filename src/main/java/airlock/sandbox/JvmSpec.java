package airlock.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a child JVM is started: this program's own classes, an environment of three variables, and
/// no secret among the arguments.
///
/// @param main its main class; gets the path of its home as the first argument
/// @param heap the largest heap, in bytes
/// @param limits the programs that set its limits and start it, such as `prlimit --core=0`
/// @param options for `java`, besides those that all child JVMs have
public record JvmSpec(
        OwnJvm own,
        Class<?> main,
        long heap,
        List<String> limits,
        List<String> options,
        Sandbox sandbox) {
    private static final long MIB = 1 << 20;

    private static final List<String> ENVIRONMENT =
            List.of("env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2");

    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    // they are too short-lived for the second compiler to pay off
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xshare:auto",
                    // standard output is the protocol, and a log would have no reader
                    "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");

    /// The heap's limit, for people.
    public String memory() {
        return heap / MIB + " MiB";
    }

    /// Starts one in an empty home.
    Process start(Path home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(ENVIRONMENT);
        command.addAll(limits);
        command.addAll(List.of(own.java().toString(), "-Xmx" + heap / MIB + "m"));
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(own.options());
        command.addAll(List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + home));
        command.addAll(List.of("-cp", own.classPath(), main.getName(), home.toString()));
        command.addAll(List.of(arguments));
        try {
            return sandbox.start(home, own.reads(), command);
        } catch (IOException e) {
            throw new IOException(
                    "cannot start a child JVM (it needs prlimit of util-linux and %s): %s"
                            .formatted(own.java(), e.getMessage()),
                    e);
        }
    }
}
