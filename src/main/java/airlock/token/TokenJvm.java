package airlock.token;

import airlock.program.Program;
import airlock.sandbox.OwnJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How a token's process is started: this program's own classes in a small JVM, with limits set by
/// prlimit(1), an environment of three variables and nothing secret among its arguments.
///
/// @param walls what it is started in
public record TokenJvm(OwnJvm own, Walls walls) {
    private static final int HEAP_MIB = 64;
    private static final long ADDRESS_SPACE = 4L << 30;
    private static final int OPEN_FILES = 1024;
    private static final int CPU_SECONDS = 4 * 3600;

    /// Starts programs, with walls around them or without.
    @FunctionalInterface
    public interface Walls {
        /// No walls.
        Walls NONE = (_, _, command) -> Program.of(command).start();

        /// Starts a program that has its three streams, and the same environment whatever ours is.
        ///
        /// @param home an empty directory that it may write
        /// @param reads files and directories that it reads, besides those of the system
        Process start(Path home, List<Path> reads, List<String> command) throws IOException;
    }

    /// The JVM and the classes that run now.
    public static TokenJvm likeThisOne(Walls walls) {
        return new TokenJvm(OwnJvm.running(), walls);
    }

    /// Starts one.
    ///
    /// @param home an empty directory
    Process start(Path home) throws IOException {
        var command = new ArrayList<>(List.of("env", "-i"));
        command.addAll(List.of("PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2"));
        command.add("prlimit");
        // one byte, and not none: that alone keeps the kernel from handing memory to a program that
        // collects dumps (core(5), do_coredump)
        command.add("--core=1");
        command.add("--cpu=" + CPU_SECONDS);
        command.add("--fsize=0");
        command.add("--nofile=" + OPEN_FILES);
        command.add("--as=" + ADDRESS_SPACE);
        command.add(own.java().toString());
        command.addAll(options(home));
        command.addAll(List.of("-cp", own.classPath(), TokenProcess.class.getName()));
        command.add(home.toString());
        return walls.start(home, own.reads(), command);
    }

    private List<String> options(Path home) {
        var options =
                new ArrayList<>(
                        List.of(
                                "-Xmx" + HEAP_MIB + "m",
                                "-XX:MaxDirectMemorySize=32m",
                                "-XX:MaxMetaspaceSize=96m",
                                "-XX:CompressedClassSpaceSize=32m",
                                "-XX:ReservedCodeCacheSize=48m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xshare:auto",
                                "-XX:+ExitOnOutOfMemoryError",
                                // nobody looks into its memory, and nothing of it gets into a file
                                "-XX:+DisableAttachMechanism",
                                "-XX:-UsePerfData",
                                "-XX:-CreateCoredumpOnCrash",
                                "-XX:ErrorFile=/dev/null",
                                "-Duser.home=" + home,
                                "-Djava.io.tmpdir=" + home,
                                // its output is the protocol, and nobody would read a log
                                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"));
        options.addAll(own.options());
        return options;
    }
}
