package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.vm.Accelerator;
import airlock.vm.BootFiles;
import airlock.vm.Cage;
import airlock.vm.KvmProbe;
import airlock.vm.Launcher;
import airlock.vm.Leftovers;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuVmHost;
import airlock.vm.VmHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// QEMU on this machine: what a killed server left is removed first, then the walls and the
/// accelerator are found out.
public final class Hypervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hypervisor.class);

    private final Launcher launcher = new Launcher();
    private final Path directory;
    private final Path memory;
    private final Cage cage;
    private final InstantSource clock;
    private final KvmProbe.Found accelerator;

    /// @param state the state directory, which this process has locked
    /// @param boot what the accelerator is tried with
    /// @throws AppException when the machine lacks a wall that is demanded
    public Hypervisor(
            AirlockConfig.Accelerator wanted,
            ConfinementConfig demanded,
            Path state,
            BootFiles boot,
            InstantSource clock)
            throws InterruptedException {
        this.directory = state.resolve("vms");
        this.memory =
                MemoryPlace.of(
                        state, Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).map(Path::of));
        this.clock = clock;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
        var left = Leftovers.sweep(directory, memory);
        if (!left.isEmpty()) {
            LOG.info("removed the VMs of a server that died: {}", left);
        }
        this.cage = Cage.detect(demanded.qemuMemory());
        Walls.hindrance(demanded, cage.confinement())
                .ifPresent(
                        why -> {
                            launcher.close();
                            throw new AppException(why);
                        });
        this.accelerator = accelerator(wanted, state, boot);
        LOG.info(
                "VMs: {} ({}); {}",
                accelerator.accelerator(),
                accelerator.why(),
                cage.confinement().describe());
    }

    private KvmProbe.Found accelerator(AirlockConfig.Accelerator wanted, Path state, BootFiles boot)
            throws InterruptedException {
        return switch (wanted) {
            case KVM -> new KvmProbe.Found(Accelerator.KVM, "configured");
            case TCG -> new KvmProbe.Found(Accelerator.TCG, "configured");
            case AUTO -> new KvmProbe(state.resolve("accelerator"), cage).find(this::hostOf, boot);
        };
    }

    private VmHost hostOf(Accelerator kind) {
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(directory, memory, kind, cage, launcher, clock));
    }

    /// Starts VMs with the accelerator that was found.
    public VmHost host() {
        return hostOf(accelerator.accelerator());
    }

    /// What runs instructions, and why.
    public KvmProbe.Found accelerator() {
        return accelerator;
    }

    /// What stands between a VM and this machine.
    public String walls() {
        return cage.confinement().describe();
    }

    @Override
    public void close() {
        launcher.close();
        try {
            Files.deleteIfExists(memory);
        } catch (DirectoryNotEmptyException _) {
            // a VM is still ending; the next start removes what it leaves
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", memory, e.toString());
        }
    }
}
