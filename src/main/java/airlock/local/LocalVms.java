package airlock.local;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ImageConfig;
import airlock.config.ReadyConfig;
import airlock.machine.Hypervisor;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// QEMU for runs without a server. Nothing slow is done before a run needs a VM.
final class LocalVms implements AutoCloseable {
    private final Path state;
    private final LocalImages images;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private @Nullable Hypervisor hypervisor;

    /// @param state the state directory, which this process has locked
    /// @param progress hears of long preparations, a line each
    LocalVms(Path state, LocalImages images, InstantSource clock, Consumer<String> progress) {
        this.state = state;
        this.images = images;
        this.clock = clock;
        this.progress = progress;
    }

    /// What starts VMs from `image`, which is opened.
    LocalRun.Machine of(ImageConfig image) throws InterruptedException {
        images.open(image);
        if (hypervisor == null) {
            hypervisor =
                    new Hypervisor(
                            AirlockConfig.Accelerator.AUTO,
                            ConfinementConfig.STANDARD,
                            ReadyConfig.none(),
                            0,
                            state,
                            images.boot(image.name()),
                            clock);
            progress.accept(hypervisor.accelerator().describe());
        }
        return new LocalRun.Machine(hypervisor.host(), images);
    }

    @Override
    public void close() {
        if (hypervisor != null) {
            hypervisor.close();
        }
        images.close();
    }
}
