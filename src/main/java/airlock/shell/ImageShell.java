package airlock.shell;

import airlock.base.FileFaults;
import airlock.config.AirlockConfig;
import airlock.config.ReadyConfig;
import airlock.control.Console;
import airlock.image.Box;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.ImageUse;
import airlock.machine.AppException;
import airlock.machine.GuestProgram;
import airlock.machine.Hypervisor;
import airlock.machine.Images;
import airlock.machine.StateDirectory;
import airlock.phases.ImageVm;
import airlock.phases.Shell;
import airlock.uplink.WindowSize;
import airlock.vm.BootFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A person's shell in a machine on an image, on this machine, whether a server runs or not. What
/// they made of it may become another image.
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

    /// Starts nothing yet; only one at a time can be there.
    ///
    /// @param progress hears of long preparations, a line each
    public ImageShell(AirlockConfig config, InstantSource clock, Consumer<String> progress) {
        this.config = config;
        this.clock = clock;
        this.progress = progress;
        this.store = Images.store(config.state(), clock);
        this.state = StateDirectory.lock(config.state().resolve("image-shell"));
    }

    /// Fails where nothing can be kept of an image under that name.
    public void checkKeep(String wanted, String name) {
        new ImageImports(store, Box.NONE).checkFree(name);
        if (store.shelf().named(wanted).image().boot().start() instanceof BootFiles.Start.Loader) {
            throw new AppException(
                    wanted + " starts by its own boot loader, and nothing made of it can be kept");
        }
    }

    /// Starts the machine and lets a person in.
    ///
    /// @param wanted the image's name
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
        var wish =
                new ImageVm.Wish(
                        used.image().boot(),
                        used.image().facts().software().container().environment(),
                        config.limits(),
                        state.path().resolve("console"));
        var started = new ImageVm(machines.booting(), wish, clock);
        vm = started;
        return switch (started.open(new WindowSize(columns, rows))) {
            case Shell.Opening.Opened(var shell) ->
                    new TypedConsole(new TerminalConsole(shell, _ -> {}), typed);
            case Shell.Opening.Refused(var why) -> throw new AppException(why);
        };
    }

    private Image current(String wanted) throws InterruptedException {
        return store.current(store.shelf().named(wanted).image(), GuestProgram.find(), progress);
    }

    /// Makes an image of what the machine's disk holds now that the shell has ended.
    ///
    /// @return its name
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
        if (vm != null) {
            vm.keep(target)
                    .ifPresent(
                            why -> {
                                throw new AppException("nothing of it can be kept: " + why);
                            });
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
