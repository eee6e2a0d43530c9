package airlock.shell;

import airlock.base.FileFaults;
import airlock.config.AirlockConfig;
import airlock.config.ReadyConfig;
import airlock.control.Console;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.ImageStore.ImageUse;
import airlock.machine.AppException;
import airlock.machine.GuestProgram;
import airlock.machine.Hypervisor;
import airlock.machine.Images;
import airlock.machine.StateDirectory;
import airlock.phases.ImageVm;
import airlock.phases.Shell;
import airlock.sandbox.Sandbox;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.BootFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A shell in a VM on an image, without a server. The VM's changed disk can become another image.
public final class ImageShell implements AutoCloseable {
    private static final String WHO = "airlock image shell";

    private final AirlockConfig config;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final ImageStore store;
    private final StateDirectory state;
    private final TypedLines typed = new TypedLines();
    private @Nullable ImageUse use;
    private @Nullable Hypervisor hypervisor;
    private @Nullable ImageVm vm;
    private @Nullable Image image;

    /// Starts nothing yet. Only one can exist at a time.
    ///
    /// @param progress receives a line before each slow step
    public ImageShell(AirlockConfig config, InstantSource clock, Consumer<String> progress) {
        this.config = config;
        this.clock = clock;
        this.progress = progress;
        this.store = Images.store(config.state(), clock);
        this.state = StateDirectory.lock(config.state().resolve("image-shell"));
    }

    /// Fails if a VM on the image `wanted` cannot be kept as `name`.
    public void checkKeep(String wanted, String name) {
        new ImageImports(store, Sandbox.NONE).checkFree(name);
        if (store.listing().named(wanted).image().boot().start()
                instanceof BootFiles.Start.Loader) {
            throw new AppException(
                    wanted + " starts by its own boot loader, and nothing made of it can be kept");
        }
    }

    /// Starts a VM on the image `wanted` and opens a shell in it.
    public Console enter(String wanted, int columns, int rows) throws InterruptedException {
        var used = Images.used(store, WHO, () -> current(wanted));
        use = used.use();
        image = used.image();
        var machines =
                new Hypervisor(
                        config.accelerator(),
                        config.confinement(),
                        ReadyConfig.none(),
                        0,
                        state.path(),
                        used.image().boot(),
                        clock);
        hypervisor = machines;
        var started =
                new ImageVm(
                        machines.booting(),
                        used.image().boot(),
                        used.image().facts().software().container().environment(),
                        config.limits(),
                        state.path().resolve("console"),
                        clock);
        vm = started;
        return switch (started.open(new WindowSize(columns, rows))) {
            case Shell.Opening.Opened(var shell) -> new TerminalConsole(shell, typed::add, _ -> {});
            case Shell.Opening.Refused(var why) -> throw new AppException(why);
        };
    }

    private Image current(String wanted) throws InterruptedException {
        return store.current(store.listing().named(wanted).image(), GuestProgram.find(), progress);
    }

    /// Makes an image of the VM's disk once the shell has ended, and returns its name.
    public String keep(String name) throws InterruptedException {
        if (vm == null || image == null || hypervisor == null) {
            throw new IllegalStateException("nobody was in a machine");
        }
        try {
            var enclosure = hypervisor.enclosure(List.of());
            var made =
                    new ImageImports(store, enclosure::start)
                            .keep(image, name, this::take, typed.all(), progress);
            return String.valueOf(made.directory().getFileName());
        } catch (IOException e) {
            throw new AppException(
                    "cannot keep the machine's disk as %s: %s"
                            .formatted(name, FileFaults.words(e)));
        }
    }

    private void take(Path target) {
        var wrong = vm == null ? Optional.<String>empty() : vm.keep(target);
        if (wrong.isPresent()) {
            throw new AppException("nothing of it can be kept: " + wrong.get());
        }
    }

    @Override
    public void close() {
        if (vm != null) {
            vm.close();
        }
        if (hypervisor != null) {
            hypervisor.close();
        }
        if (use != null) {
            use.close();
        }
        state.close();
    }

    /// Reconstructs typed lines from keys. What the shell does with tabs and arrow keys is unknown
    /// here, so they are shown as `⇥`, `↑` and `↓`.
    static final class TypedLines {
        private static final int MOST = 1000;
        private static final int LONGEST = 4096;
        private static final int ESCAPE = 0x1b;
        private static final int DELETE = 0x7f;
        private static final int BACKSPACE = 0x08;
        private static final int WORD = 0x17;
        private static final int LINE = 0x15;
        private static final int INTERRUPT = 0x03;
        private static final int SPACE = 0x20;
        private static final int LAST = 0x7e;

        private final List<String> lines = new ArrayList<>();
        private byte[] line = new byte[LONGEST];
        private int length;
        private State state = State.PLAIN;

        private enum State {
            PLAIN,
            ESCAPED,
            SEQUENCE
        }

        /// Takes the next keys.
        synchronized void add(byte[] keys) {
            for (byte key : keys) {
                take(Byte.toUnsignedInt(key));
            }
        }

        /// The lines so far, oldest first, without empty ones.
        synchronized List<String> all() {
            return List.copyOf(lines);
        }

        private void take(int key) {
            switch (state) {
                case PLAIN -> plain(key);
                case ESCAPED -> state = key == '[' || key == 'O' ? State.SEQUENCE : State.PLAIN;
                case SEQUENCE -> sequence(key);
            }
        }

        /// ECMA-48, 5.4: a control sequence ends with a byte from 0x40 on.
        private void sequence(int key) {
            if (key < '@' || key > LAST) {
                return;
            }
            state = State.PLAIN;
            if (key == 'A' || key == 'B') {
                put(key == 'A' ? "↑" : "↓");
            }
        }

        private void plain(int key) {
            switch (key) {
                case ESCAPE -> state = State.ESCAPED;
                case '\r', '\n' -> end();
                case '\t' -> put("⇥");
                case DELETE, BACKSPACE -> back();
                case WORD -> word();
                case LINE, INTERRUPT -> length = 0;
                default -> {
                    if (key >= SPACE && length < LONGEST) {
                        line[length++] = (byte) key;
                    }
                }
            }
        }

        private void put(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (length + bytes.length <= LONGEST) {
                System.arraycopy(bytes, 0, line, length, bytes.length);
                length += bytes.length;
            }
        }

        /// Deletes one character of UTF-8.
        private void back() {
            while (length > 0 && (line[length - 1] & 0xc0) == 0x80) {
                length--;
            }
            length = Math.max(0, length - 1);
        }

        private void word() {
            while (length > 0 && line[length - 1] == ' ') {
                length--;
            }
            while (length > 0 && line[length - 1] != ' ') {
                length--;
            }
        }

        private void end() {
            String text = new String(Arrays.copyOf(line, length), StandardCharsets.UTF_8).strip();
            length = 0;
            if (!text.isEmpty() && lines.size() < MOST) {
                lines.add(text);
            }
        }
    }
}
