package airlock.machine;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ReadyConfig;
import airlock.sandbox.Launcher;
import airlock.store.Disk;
import airlock.vm.Accelerator;
import airlock.vm.BootFiles;
import airlock.vm.Cage;
import airlock.vm.Enclosure;
import airlock.vm.KvmProbe;
import airlock.vm.Leftovers;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuVersion;
import airlock.vm.QemuVmHost;
import airlock.vm.ReadyClones;
import airlock.vm.Templates;
import airlock.vm.VmHost;
import airlock.vm.VmShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// QEMU on this machine: what a killed server left is removed first, then the walls and the
/// accelerator are found out.
public final class Hypervisor implements MachineHealth, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hypervisor.class);

    /// A template that nobody used for so long goes at the next start.
    private static final Duration UNUSED = Duration.ofDays(14);

    private final Launcher launcher = new Launcher();
    private final Path directory;
    private final Path memory;
    private final Cage cage;
    private final InstantSource clock;
    private final KvmProbe.Found accelerator;
    private final Templates templates;
    private final ReadyClones ready;

    /// @param ready the clones that are to wait for runs
    /// @param reserve bytes that the state's disk must have free for one to be made
    /// @param state the state directory, which this process has locked
    /// @param boot what the accelerator is tried with
    /// @throws AppException when the machine lacks a wall that is demanded
    public Hypervisor(
            AirlockConfig.Accelerator wanted,
            ConfinementConfig demanded,
            ReadyConfig ready,
            long reserve,
            Path state,
            BootFiles boot,
            InstantSource clock)
            throws InterruptedException {
        this.directory = state.resolve("vms");
        this.memory = MemoryPlace.of(state, MemoryPlace.runtime(System.getenv()));
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
        var qemu = QemuVersion.installed();
        Walls.hindrance(demanded, cage.confinement())
                .or(() -> Walls.qemuHindrance(demanded, qemu))
                .ifPresent(
                        why -> {
                            launcher.close();
                            throw new AppException(why);
                        });
        this.templates = templates(state.resolve("templates"), clock);
        this.accelerator = accelerator(wanted, state, boot);
        this.ready =
                ReadyClones.of(
                        setting(accelerator.accelerator(), templates),
                        new ReadyClones.Policy(ready.count(), ready.age(), ready.spareMemory()),
                        new HostSpare(HostMemory.here(), new Disk(state), reserve));
        LOG.info("VMs: {}; {}", accelerator.describe(), cage.confinement().describe());
    }

    private KvmProbe.Found accelerator(AirlockConfig.Accelerator wanted, Path state, BootFiles boot)
            throws InterruptedException {
        return switch (wanted) {
            case KVM -> new KvmProbe.Found(Accelerator.KVM, "configured", "");
            case TCG -> new KvmProbe.Found(Accelerator.TCG, "configured", "");
            case AUTO -> new KvmProbe(state.resolve("accelerator"), cage).find(this::hostOf, boot);
        };
    }

    private static Templates templates(Path directory, InstantSource clock) {
        try {
            var templates = Templates.in(directory, clock);
            templates.removeUnused(UNUSED);
            return templates;
        } catch (IOException e) {
            LOG.warn("no templates in {}, all VMs boot: {}", directory, e.toString());
            return Templates.none();
        }
    }

    /// The probe is about booting.
    private VmHost hostOf(Accelerator kind) {
        return new QemuVmHost(setting(kind, Templates.none()));
    }

    private QemuVmHost.QemuSetting setting(Accelerator kind, Templates from) {
        return new QemuVmHost.QemuSetting(directory, memory, kind, cage, launcher, clock, from);
    }

    /// Starts VMs with the accelerator that was found.
    public QemuVmHost host() {
        return new QemuVmHost(setting(accelerator.accelerator(), templates), ready);
    }

    /// Starts VMs that boot by themselves, so that nothing of a template is in them.
    public VmHost booting() {
        return hostOf(accelerator.accelerator());
    }

    /// A kind of VM that runs will ask for.
    ///
    /// @param longest how long one may take
    public record Kind(BootFiles boot, VmShape shape, Duration longest) {}

    /// Makes the templates that are missing, in the background, one after the other, and has clones
    /// of them wait: the first run need not wait for them.
    public void prepare(List<Kind> kinds) {
        Thread.ofVirtual()
                .name("templates-at-start")
                .start(
                        () -> {
                            try {
                                for (var kind : kinds) {
                                    host().prepare(kind.boot(), kind.shape());
                                    ready.keep(kind.boot(), kind.shape(), kind.longest());
                                }
                            } catch (IOException e) {
                                LOG.warn("no templates at start: {}", e.toString());
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /// What runs instructions, and why.
    public KvmProbe.Found accelerator() {
        return accelerator;
    }

    @Override
    public List<String> problems() {
        return Stream.of(templates.problems(), ready.problems()).flatMap(List::stream).toList();
    }

    @Override
    public int readyClones() {
        return ready.waiting();
    }

    /// The same walls for programs of the host's own.
    ///
    /// @param owned directories whose contents are moved into the homes of such programs
    public Enclosure enclosure(List<Path> owned) throws IOException {
        return new Enclosure(cage, launcher, owned);
    }

    /// What stands between a VM and this machine.
    public String walls() {
        return cage.confinement().describe();
    }

    @Override
    public void close() {
        try {
            ready.end();
        } catch (InterruptedException _) {
            // the launcher's end is theirs, too
            Thread.currentThread().interrupt();
        }
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
