package airlock.sandbox;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Restricts a thread, and those that it starts, to write only below some directories and to
/// execute nothing (landlock(7); numbers and structures of `linux/landlock.h`).
public final class Landlock {
    private static final int CREATE_RULESET = 444;
    private static final int ADD_RULE = 445;
    private static final int RESTRICT_SELF = 446;
    private static final int RULE_PATH_BENEATH = 1;
    private static final int TELL_VERSION = 1;
    private static final int NO_NEW_PRIVILEGES = 38;
    private static final int O_PATH = 0x200000;
    private static final int O_CLOEXEC = 0x80000;

    private static final long EXECUTE = 1;

    /// Write, make, remove and rename files of all kinds.
    private static final long WRITE = 1 << 1 | 0x1ff << 4;

    private static final long REFER = 1 << 13;
    private static final long TRUNCATE = 1 << 14;
    private static final int FIRST_WITH_REFER = 2;
    private static final int FIRST_WITH_TRUNCATE = 3;
    private static final int RULE_BYTES = 12;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL = function("syscall", 5);
    private static final MethodHandle OPEN = function("open", 2);
    private static final MethodHandle CLOSE = function("close", 1);
    private static final MethodHandle PRCTL = function("prctl", 5);

    private Landlock() {}

    /// All arguments are 64 bits wide, which suits integers and pointers on a 64-bit machine. The
    /// JVM has an option that allows these restricted methods.
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, int arguments) {
        var words = new ValueLayout.OfLong[arguments];
        Arrays.fill(words, ValueLayout.JAVA_LONG);
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, words));
    }

    /// The kernel's version of it; 0 if it has none.
    public static int version() {
        return Math.max(0, call(SYSCALL, CREATE_RULESET, 0, 0, TELL_VERSION, 0));
    }

    /// Restricts the calling thread for the rest of its life; does nothing if the kernel can't.
    ///
    /// @param writable existing directories
    /// @throws IOException if the kernel can but fails
    public static void restrict(List<Path> writable) throws IOException {
        int version = version();
        if (version == 0) {
            return;
        }
        long writing =
                WRITE
                        | (version >= FIRST_WITH_REFER ? REFER : 0)
                        | (version >= FIRST_WITH_TRUNCATE ? TRUNCATE : 0);
        try (var arena = Arena.ofConfined()) {
            var handled = arena.allocate(ValueLayout.JAVA_LONG);
            handled.set(ValueLayout.JAVA_LONG, 0, EXECUTE | writing);
            int rules =
                    checked(
                            "making a ruleset",
                            call(SYSCALL, CREATE_RULESET, handled.address(), Long.BYTES, 0, 0));
            for (Path directory : writable) {
                allow(arena, rules, directory, writing);
            }
            checked("no new privileges", call(PRCTL, NO_NEW_PRIVILEGES, 1, 0, 0, 0));
            checked("restricting", call(SYSCALL, RESTRICT_SELF, rules, 0, 0, 0));
            call(CLOSE, rules);
        }
    }

    private static void allow(Arena arena, int rules, Path directory, long rights)
            throws IOException {
        var name = arena.allocateFrom(directory.toAbsolutePath().toString());
        int there = checked("opening " + directory, call(OPEN, name.address(), O_PATH | O_CLOEXEC));
        MemorySegment rule = arena.allocate(RULE_BYTES, Long.BYTES);
        rule.set(ValueLayout.JAVA_LONG, 0, rights);
        rule.set(ValueLayout.JAVA_INT, Long.BYTES, there);
        checked(
                "a rule for " + directory,
                call(SYSCALL, ADD_RULE, rules, RULE_PATH_BENEATH, rule.address(), 0));
        call(CLOSE, there);
    }

    private static int checked(String what, int result) throws IOException {
        if (result < 0) {
            throw new IOException("Landlock: " + what + " failed");
        }
        return result;
    }

    private static int call(MethodHandle function, long... arguments) {
        try {
            return (int) function.invokeWithArguments(Arrays.stream(arguments).boxed().toList());
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }
}
