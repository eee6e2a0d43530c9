package airlock.vm;

import airlock.base.Trees;
import airlock.sandbox.Hierarchy.Weight;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A clone that is loaded, has had its [Rehearsal] and stands still until a VM is wanted. Whoever
/// has it ends it, or makes it a VM once and ends that.
final class ReadyClone {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyClone.class);

    private final Template template;
    private final Kind kind;
    private final VmSpec spec;
    private final PausedVm vm;
    private final Relay signals;
    private final long born = System.nanoTime();

    private ReadyClone(Template template, Kind kind, VmSpec spec, PausedVm vm, Relay signals) {
        this.template = template;
        this.kind = kind;
        this.spec = spec;
        this.vm = vm;
        this.signals = signals;
    }

    /// One that is wanted.
    ///
    /// @param longest how long a VM may take that it becomes
    record Kind(BootFiles boot, VmShape shape, Duration longest) {}

    /// Whether it can be relied on.
    sealed interface Making {
        record Made(ReadyClone ready) implements Making {}

        record Refused(String why) implements Making {}
    }

    /// Starts one, which takes less than a second on a machine that has nothing else to do.
    ///
    /// @param name of its VM until it becomes another
    static Making make(QemuSetting setting, Template template, Kind kind, String name)
            throws IOException, InterruptedException {
        var files = new VmFiles(setting.directory().resolve(name), setting.memory().resolve(name));
        var spec = spec(kind, name, files.directory().resolve("console"));
        OptionalInt user = setting.cage().newUser();
        var parts = new QemuParts(setting, spec, files, new Origin.Clone(template), user);
        var signals = new Relay();
        boolean made = false;
        try {
            parts.make();
            var vm = PausedVm.start(parts, signals);
            try {
                vm.qemu().weigh(Weight.LIGHT);
                var problem = vm.load(new Marks());
                if (problem.isEmpty()) {
                    problem = Rehearsal.run(vm, setting.clock().instant(), spec.limits().boot());
                }
                made = problem.isEmpty();
                return made
                        ? new Making.Made(new ReadyClone(template, kind, spec, vm, signals))
                        : new Making.Refused(problem.orElseThrow());
            } finally {
                if (!made) {
                    vm.end();
                }
            }
        } finally {
            if (!made) {
                remove(files);
            }
        }
    }

    /// Its drives may all be written that any phase's may: what comes of that is thrown away where
    /// it is none of the VM's outputs.
    private static VmSpec spec(Kind kind, String name, Path console) {
        return new VmSpec(
                name,
                kind.boot(),
                kind.shape(),
                Rehearsal.ofClone(),
                Map.of(),
                Set.of(Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES),
                console,
                VmLimits.standard(kind.longest()));
    }

    private static void remove(VmFiles files) throws IOException {
        Trees.remove(files.memory());
        Trees.remove(files.directory());
    }

    Template template() {
        return template;
    }

    Kind kind() {
        return kind;
    }

    /// Whether such VMs are of another template by now.
    boolean isOutdated(Template current, VmSpec other) {
        return !template.equals(current)
                && kind.boot().equals(other.boot())
                && kind.shape().equals(other.shape());
    }

    /// Whether such a VM can come of it.
    boolean fits(Template wanted, VmSpec other) {
        return template.equals(wanted) && other.limits().time().compareTo(kind.longest()) <= 0;
    }

    /// How long it has waited.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - born);
    }

    boolean isDead() {
        return signals.heardOfTheEnd();
    }

    /// Makes it the VM that is wanted, in all but that its guest still stands still: nothing of it
    /// has this clone's name any more, and its drives are filled.
    ///
    /// @param heard gets what is told from now on, and an end that was told before
    PausedVm become(VmSpec wanted, VmFiles files, BlockingQueue<VmSignal> heard)
            throws IOException, InterruptedException {
        boolean became = false;
        try {
            vm.rename(files);
            for (var input : wanted.contents().entrySet()) {
                if (input.getKey() != Drive.SECRETS) {
                    fill(files.drive(input.getKey()), input.getValue());
                }
            }
            fill(files.drive(Drive.PLAN), VmDrives.plan(wanted));
            signals.to(heard);
            vm.qemu().weigh(Weight.USUAL);
            became = true;
            return vm;
        } finally {
            if (!became) {
                end();
            }
        }
    }

    private static void fill(Path drive, DriveContent content) throws IOException {
        try (var out = FileChannel.open(drive, StandardOpenOption.WRITE)) {
            Drives.fill(out, content);
        }
    }

    /// Ends it and removes what is left of it.
    void end() throws InterruptedException {
        try {
            try {
                vm.end();
            } finally {
                remove(vm.files());
            }
        } catch (IOException e) {
            // found again and removed when the server starts
            LOG.warn("cannot remove what is left of {}: {}", spec.name(), e.toString());
        }
    }

    /// Keeps what is heard of a VM until somebody wants to know.
    private static final class Relay implements Consumer<VmSignal> {
        private final BlockingQueue<VmSignal> early = new LinkedBlockingQueue<>();
        private BlockingQueue<VmSignal> to = early;

        @Override
        public synchronized void accept(VmSignal signal) {
            to.add(signal);
        }

        synchronized boolean heardOfTheEnd() {
            return early.stream().anyMatch(VmSignal.Exited.class::isInstance);
        }

        /// What was told of the rehearsal is of no interest any more, but for an end.
        synchronized void to(BlockingQueue<VmSignal> heard) {
            early.stream().filter(VmSignal.Exited.class::isInstance).forEach(heard::add);
            to = heard;
        }
    }
}
