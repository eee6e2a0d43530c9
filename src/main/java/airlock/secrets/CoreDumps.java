package airlock.secrets;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether a crash of this process, or of one that it started, would write its memory, which holds
/// secrets, to a file or a program (core(5)).
///
/// A limit of 0 forbids files only. A core pattern that pipes to a program ignores all limits but
/// that of 1 byte, which forbids both (fs/coredump.c).
///
/// @param limits of the process, as in `/proc/self/limits`
/// @param pattern the destination, as in `/proc/sys/kernel/core_pattern`
public record CoreDumps(Path limits, Path pattern) {
    private static final int RLIMIT_CORE = 4;
    private static final long NEITHER = 1;
    private static final String LINE = "Max core file size";

    public static CoreDumps here() {
        return new CoreDumps(
                Path.of("/proc/self/limits"), Path.of("/proc/sys/kernel/core_pattern"));
    }

    /// Forbids core dumps of this process and of those that it starts. A limit of 0 stays, since
    /// only root may raise it.
    @SuppressWarnings("restricted") // libc; the JVM runs with --enable-native-access
    public static void forbid() {
        var linker = Linker.nativeLinker();
        var call =
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        var get = linker.downcallHandle(linker.defaultLookup().findOrThrow("getrlimit"), call);
        var set = linker.downcallHandle(linker.defaultLookup().findOrThrow("setrlimit"), call);
        try (var arena = Arena.ofConfined()) {
            var limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
            int got = (int) get.invokeExact(RLIMIT_CORE, limit);
            if (got != 0 || limit.getAtIndex(ValueLayout.JAVA_LONG, 1) == 0) {
                return;
            }
            limit.setAtIndex(ValueLayout.JAVA_LONG, 0, NEITHER);
            limit.setAtIndex(ValueLayout.JAVA_LONG, 1, NEITHER);
            int _ = (int) set.invokeExact(RLIMIT_CORE, limit);
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }

    /// Says how a crash would write memory; empty if it would not.
    public Optional<String> possible() {
        try {
            String limit =
                    Files.readAllLines(limits).stream()
                            .filter(line -> line.startsWith(LINE))
                            .map(line -> line.substring(LINE.length()).strip().split(" +", -1)[0])
                            .findFirst()
                            .orElse("unknown");
            boolean piped = Files.readString(pattern).startsWith("|");
            if (limit.equals("1") || (limit.equals("0") && !piped)) {
                return Optional.empty();
            }
            return Optional.of(
                    "a crash may write the server's memory %s: the limit for core dumps is %s"
                            .formatted(piped ? "to a program" : "to a file", limit));
        } catch (IOException e) {
            return Optional.of("cannot tell whether a crash writes memory: " + e.getMessage());
        }
    }
}
