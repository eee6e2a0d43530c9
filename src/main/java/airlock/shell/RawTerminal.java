package airlock.shell;

import airlock.control.Console.Input.Size;
import airlock.machine.AppException;
import airlock.program.Program;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The terminal of stdin in raw mode: no echo, no line editing, no signals. Closing restores its
/// settings; so does the end of the JVM, also by a signal.
public final class RawTerminal implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /// `TIOCGWINSZ` and `struct winsize` of `asm-generic/ioctls.h` and `asm-generic/termios.h`.
    private static final long ASK = 0x5413;

    private static final int SHORTS = 4;
    private static final MethodHandle IOCTL = ioctl();

    private static final String STDIN = "/proc/self/fd/0";
    private static final String STDOUT = "/proc/self/fd/1";

    private final Path device;
    private final String before;
    private final Thread hook;
    private boolean over;

    private RawTerminal(Path device, String before) {
        this.device = device;
        this.before = before;
        this.hook = Thread.ofPlatform().unstarted(this::giveBack);
    }

    /// Whether stdin is a terminal.
    public static boolean isThere() {
        return terminal(STDIN).isPresent();
    }

    /// Whether stdout is a terminal.
    public static boolean shows() {
        return terminal(STDOUT).isPresent();
    }

    /// The device behind a descriptor, if that is a terminal.
    private static Optional<Path> terminal(String descriptor) {
        try {
            Path device = Files.readSymbolicLink(Path.of(descriptor));
            String name = device.toString();
            return name.startsWith("/dev/pts/")
                            || name.startsWith("/dev/tty")
                            || name.equals("/dev/console")
                    ? Optional.of(Files.exists(device) ? device : Path.of("/dev/tty"))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The size of the terminal's window; 80 by 24 if stdin is not a terminal.
    public static Size size() {
        try (var arena = Arena.ofConfined()) {
            var answer = arena.allocate(ValueLayout.JAVA_SHORT, SHORTS);
            int result = (int) IOCTL.invokeExact(0, ASK, answer.address());
            int rows = Short.toUnsignedInt(answer.getAtIndex(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(answer.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return result < 0 || rows == 0 || columns == 0
                    ? new Size(80, 24)
                    : new Size(columns, rows);
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

    /// Puts the terminal of stdin into raw mode.
    ///
    /// @throws AppException if stdin is not a terminal, or stty fails
    public static RawTerminal take() throws InterruptedException {
        Path device =
                terminal(STDIN).orElseThrow(() -> new AppException("stdin is not a terminal"));
        var taken = new RawTerminal(device, stty(device, List.of("-g")));
        Runtime.getRuntime().addShutdownHook(taken.hook);
        taken.makeRaw();
        return taken;
    }

    private synchronized void makeRaw() throws InterruptedException {
        if (!over) {
            stty(device, List.of("raw", "-echo"));
        }
    }

    private synchronized void giveBack() {
        if (over) {
            return;
        }
        over = true;
        // the terminal is restored before the interrupt is obeyed
        boolean interrupted = Thread.interrupted();
        try {
            stty(device, List.of(before));
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String stty(Path device, List<String> words) throws InterruptedException {
        var argv = new ArrayList<>(List.of("stty", "-F", device.toString()));
        argv.addAll(words);
        var result = Program.atTerminal(argv).with(Map.of("LC_ALL", "C.UTF-8")).run(LIMIT);
        if (!result.passed()) {
            throw new AppException(
                    "%s failed: %s".formatted(String.join(" ", argv), result.lastLine()));
        }
        return result.output().strip();
    }

    @Override
    public void close() {
        giveBack();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the JVM is ending: the hook has run, or will find nothing to do
        }
    }
}
