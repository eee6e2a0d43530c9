package airlock.shell;

import airlock.base.FileFaults;
import airlock.config.AirlockConfig;
import airlock.config.ReadyConfig;
import airlock.control.Console;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore.ImageUse;
import airlock.image.ImageStore;
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
import java.nio.file.Path;
import java.time.InstantSource;
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
        if (store.shelf().named(wanted).image().boot().start() instanceof BootFiles.Start.Loader) {
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
        return store.current(store.shelf().named(wanted).image(), GuestProgram.find(), progress);
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
}
