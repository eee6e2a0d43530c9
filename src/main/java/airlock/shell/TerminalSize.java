package airlock.shell;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The size of a terminal's window, 1 to 65,535 each way.
public record TerminalSize(int columns, int rows) {
    /// The conventional default.
    public static final TerminalSize USUAL = new TerminalSize(80, 24);

    /// `TIOCGWINSZ` and `struct winsize` of `asm-generic/ioctls.h` and `asm-generic/termios.h`.
    private static final long ASK = 0x5413;

    private static final int SHORTS = 4;
    private static final MethodHandle IOCTL = ioctl();

    /// The size of the terminal behind a descriptor of this process; the default if it has none.
    static TerminalSize of(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            var answer = arena.allocate(ValueLayout.JAVA_SHORT, SHORTS);
            int result = (int) IOCTL.invokeExact(descriptor, ASK, answer.address());
            int rows = Short.toUnsignedInt(answer.getAtIndex(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(answer.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return result < 0 || rows == 0 || columns == 0
                    ? USUAL
                    : new TerminalSize(columns, rows);
        } catch (Throwable e) {
            throw new LinkageError("libc could not be called", e);
        }
    }

    /// Native calls are restricted; the JVM is started with the permission.
    @SuppressWarnings("restricted")
    private static MethodHandle ioctl() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(2));
    }
}
