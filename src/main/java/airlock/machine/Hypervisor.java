package airlock.machine;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ConfinementConfig.Wall;
import airlock.config.ReadyConfig;
import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import airlock.store.DiskSpace;
import airlock.store.DiskSpace.Disk;
import airlock.vm.Accelerator;
import airlock.vm.BootFiles;
import airlock.vm.KvmProbe;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVersion;
import airlock.vm.QemuVmHost;
import airlock.vm.ReadyClones;
import airlock.vm.Templates;
import airlock.vm.ToolSandbox;
import airlock.vm.VmHost;
import airlock.vm.VmLeftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// QEMU on this machine. Removes the VMs of a killed server first, then detects the walls and the
/// accelerator.
public final class Hypervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hypervisor.class);

    /// A template that was not used for this long is removed at the next start.
    private static final Duration UNUSED = Duration.ofDays(14);

    private final Launcher launcher = new Launcher();
    private final Path directory;
    private final Path memory;
    private final QemuSandbox cage;
    private final InstantSource clock;
    private final KvmProbe.Found accelerator;
    private final Templates templates;
    private final ReadyClones ready;

    /// @param ready the clones to keep waiting for runs
    /// @param reserve free bytes that the state's disk must have for another clone
    /// @param state the state directory, which this process has locked
    /// @param boot for the trial of KVM
    /// @throws AppException if the machine lacks a required wall
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
        var left = VmLeftovers.sweep(directory, memory);
        if (!left.isEmpty()) {
            LOG.info("removed the VMs of a server that died: {}", left);
        }
        this.cage = QemuSandbox.detect(demanded.qemuMemory());
        var qemu = QemuVersion.installed();
        ConfinementCheck.hindrance(demanded, cage.confinement())
                .or(() -> ConfinementCheck.qemuHindrance(demanded, qemu))
                .ifPresent(
                        why -> {
                            launcher.close();
                            throw new AppException(why);
                        });
        this.templates = templates(state.resolve("templates"), clock);
        this.accelerator = accelerator(wanted, state, boot);
        this.ready =
                new ReadyClones(
                        setting(accelerator.accelerator(), templates),
                        new ReadyClones.Policy(ready.count(), ready.age(), ready.spareMemory()),
                        new HostResources(HostMemory.here(), new Disk(state), reserve));
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

    /// Without templates, since the probe has to boot.
    private VmHost hostOf(Accelerator kind) {
        return new QemuVmHost(setting(kind, Templates.none()));
    }

    private QemuVmHost.QemuSetting setting(Accelerator kind, Templates from) {
        return new QemuVmHost.QemuSetting(directory, memory, kind, cage, launcher, clock, from);
    }

    /// Starts VMs with the detected accelerator, as clones if possible.
    public QemuVmHost host() {
        return new QemuVmHost(setting(accelerator.accelerator(), templates), ready);
    }

    /// Boots each VM, without templates.
    public VmHost booting() {
        return hostOf(accelerator.accelerator());
    }

    /// Makes missing templates and ready clones in the background, one after the other, so that
    /// the first run does not wait for them.
    public void prepare(List<ReadyClones.Kind> kinds) {
        Thread.ofVirtual()
                .name("templates-at-start")
                .start(
                        () -> {
                            try {
                                for (var kind : kinds) {
                                    host().prepare(kind.model());
                                    ready.keep(kind);
                                }
                            } catch (IOException e) {
                                LOG.warn("no templates at start: {}", e.toString());
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    public KvmProbe.Found accelerator() {
        return accelerator;
    }

    public MachineHealth health() {
        return MachineHealth.of(this);
    }

    List<String> problems() {
        return Stream.of(templates.problems(), ready.problems()).flatMap(List::stream).toList();
    }

    int readyClones() {
        return ready.waiting();
    }

    /// The same walls for the host's own programs.
    ///
    /// @param owned see [ToolSandbox]
    public ToolSandbox enclosure(List<Path> owned) throws IOException {
        return new ToolSandbox(cage, launcher, owned);
    }

    /// The barriers between a VM and this machine, for people.
    public String walls() {
        return cage.confinement().describe();
    }

    @Override
    public void close() {
        try {
            ready.end();
        } catch (InterruptedException _) {
            // closing the launcher ends them, too
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

    /// The resources that this machine has left for waiting clones.
    ///
    /// @param reserve bytes that must stay free on the state's disk
    public record HostResources(HostMemory hostMemory, DiskSpace room, long reserve)
            implements ReadyClones.Spare {
        @Override
        public long memory() {
            return hostMemory.available();
        }

        @Override
        public boolean hasRoom() {
            return room.free() >= reserve;
        }
    }

    /// Problems with templates and ready clones; none while the machine is being prepared.
    public static final class MachineHealth {
        private volatile Optional<Hypervisor> machine = Optional.empty();

        public static MachineHealth unknown() {
            return new MachineHealth();
        }

        static MachineHealth of(Hypervisor machine) {
            var health = new MachineHealth();
            health.machine = Optional.of(machine);
            return health;
        }

        /// Reports the problems of `other` from now on.
        public void become(MachineHealth other) {
            machine = other.machine;
        }

        /// Since the start, for people. VMs still start without templates and clones, only slower.
        public List<String> problems() {
            return machine.map(Hypervisor::problems).orElse(List.of());
        }

        /// How many clones wait.
        public int readyClones() {
            return machine.map(Hypervisor::readyClones).orElse(0);
        }
    }

    /// Compares the walls that the configuration requires with those that the machine has.
    public static final class ConfinementCheck {
        private ConfinementCheck() {}

        /// Why no VM may be started: each missing wall, with what the operator can do.
        public static Optional<String> hindrance(ConfinementConfig demanded, Confinement given) {
            String missing =
                    demanded.required().stream()
                            .sorted()
                            .filter(wall -> given.missing().containsKey(layer(wall)))
                            .map(
                                    wall ->
                                            wall.word()
                                                    + " ("
                                                    + given.missing().get(layer(wall))
                                                    + ")")
                            .collect(Collectors.joining(", "));
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            "no VM is started here without the walls that `require` below `confinement`"
                                    + " names, and this machine does not give: "
                                    + missing);
        }

        /// Why no VM may be started with this QEMU, with what the operator can do.
        ///
        /// @param installed empty if the version is unknown
        public static Optional<String> qemuHindrance(
                ConfinementConfig demanded, Optional<QemuVersion> installed) {
            var least = QemuVersion.of(demanded.leastQemu()).orElseThrow();
            boolean isOld = installed.orElse(new QemuVersion(0, 0, 0)).compareTo(least) < 0;
            return isOld
                    ? Optional.of(
                            "no VM is started with QEMU %s: the configuration demands `least_qemu: %s`;"
                                            .formatted(
                                                    installed
                                                            .map(QemuVersion::toString)
                                                            .orElse("of an unknown version"),
                                                    demanded.leastQemu())
                                    + " apt-get install --only-upgrade qemu-system-x86")
                    : Optional.empty();
        }

        private static Layer layer(Wall wall) {
            return switch (wall) {
                case OWN_USER -> Layer.OWN_USER;
                case NAMESPACES -> Layer.NAMESPACES;
                case SYSTEM_CALLS -> Layer.SYSTEM_CALLS;
                case LIMITS -> Layer.LIMITS;
                case CONTROL_GROUP -> Layer.CONTROL_GROUP;
            };
        }
    }
}
