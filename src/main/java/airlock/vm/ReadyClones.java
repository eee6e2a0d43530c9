package airlock.vm;

import airlock.sandbox.Hierarchy.Weight;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clones that wait to become VMs. A thread makes them when none was taken for a second, and
/// ends them when they are too old, their template is gone, or memory is short. If none fits, a VM
/// is cloned or boots, so a failure here never fails a run.
///
/// **Threads**: any.
public final class ReadyClones {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyClones.class);

    /// Phases follow one another, and making a clone between two would slow the second.
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /// A full disk is not freed in a second.
    private static final Duration AFTER_FAULT = Duration.ofSeconds(30);

    /// Most bytes of memory that a waiting clone takes.
    private static final long WEIGHT = 256L << 20;

    /// After this many failed clones in a row no more are made of a template.
    private static final int MOST_FAILURES = 3;

    private final Policy policy;
    private final Spare spare;
    private final List<Kind> kinds = new CopyOnWriteArrayList<>();
    private final List<ReadyClone> waiting = new ArrayList<>();
    private final List<ReadyClone> outdated = new ArrayList<>();
    private final Map<Template, Integer> failures = new HashMap<>();
    private final QemuSetting setting;
    private final Thread thread;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private long handedOut;
    private long taken = System.nanoTime() - QUIET.toNanos();
    private long notBefore = taken;
    private int made;

    public ReadyClones(QemuSetting setting, Policy policy, Spare spare) {
        this.setting = setting;
        this.policy = policy;
        this.spare = spare;
        this.thread = Thread.ofPlatform().name("ready-clones").daemon().unstarted(this::work);
        if (policy.count() > 0) {
            thread.start();
        }
    }

    /// How many clones wait, for how long, and in how much memory.
    ///
    /// @param count how many wait for each kind of VM
    /// @param age after which one is ended
    /// @param spareMemory bytes that the host must have left besides them
    public record Policy(int count, Duration age, long spareMemory) {}

    /// The resources that the host has left for clones.
    @FunctionalInterface
    public interface Spare {
        /// Bytes of memory that programs can still get.
        long memory();

        /// Whether the disk has space for one more.
        default boolean hasRoom() {
            return true;
        }
    }

    static ReadyClones none(QemuSetting setting) {
        return new ReadyClones(setting, new Policy(0, Duration.ZERO, 0), () -> 0);
    }

    /// A kind of VM that runs need.
    ///
    /// @param longest the longest time limit of such a VM
    public record Kind(VmModel model, Duration longest) {}

    /// Makes clones of this kind from now on.
    public void keep(Kind kind) {
        kinds.add(kind);
        synchronized (this) {
            notifyAll();
        }
    }

    /// One that can become such a VM; the caller ends it.
    synchronized Optional<ReadyClone> take(Template template, VmSpec spec) {
        waiting.stream().filter(c -> c.isOutdated(template, spec)).forEach(outdated::add);
        waiting.removeAll(outdated);
        var found = waiting.stream().filter(c -> c.fits(template, spec) && !c.isDead()).findFirst();
        if (found.isPresent()) {
            waiting.remove(found.orElseThrow());
            taken = System.nanoTime();
            handedOut++;
        }
        return found;
    }

    public synchronized int waiting() {
        return waiting.size();
    }

    /// How many became VMs.
    public synchronized long handedOut() {
        return handedOut;
    }

    /// Why no more clones of some templates are made, for people.
    public List<String> problems() {
        return List.copyOf(problems);
    }

    private void work() {
        try {
            while (true) {
                giveBack();
                boolean made = false;
                for (var kind : kinds) {
                    made |= mayMake(kind) && refill(kind);
                }
                synchronized (this) {
                    if (!made) {
                        wait(LOOK.toMillis());
                    }
                }
            }
        } catch (InterruptedException _) {
            // ended
        }
    }

    private synchronized boolean mayMake(Kind kind) {
        long there = waiting.stream().filter(clone -> clone.kind.equals(kind)).count();
        return there < policy.count()
                && System.nanoTime() - taken >= QUIET.toNanos()
                && System.nanoTime() - notBefore >= 0
                && spare.memory() > policy.spareMemory() + WEIGHT
                && spare.hasRoom();
    }

    private void giveBack() throws InterruptedException {
        for (var clone : noLongerWanted()) {
            try {
                clone.end();
            } catch (RuntimeException e) {
                LOG.warn("a clone that is no longer wanted stays: {}", e.toString());
            }
        }
    }

    private synchronized List<ReadyClone> noLongerWanted() {
        var gone = new ArrayList<>(outdated);
        outdated.clear();
        boolean scarce = spare.memory() < policy.spareMemory();
        for (var clone : waiting) {
            // the memory of one may be enough
            boolean first = scarce && gone.isEmpty();
            if (first
                    || clone.isDead()
                    || clone.age().compareTo(policy.age()) > 0
                    || !clone.template.isThere()) {
                gone.add(clone);
            }
        }
        waiting.removeAll(gone);
        return gone;
    }

    /// Makes one; returns whether it succeeded.
    private boolean refill(Kind kind) throws InterruptedException {
        try {
            var template = setting.templates().ask(setting, kind.model()).get();
            return template.isPresent() && make(kind, template.orElseThrow());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (IOException | RuntimeException e) {
            // an interruption closes its channels
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn("no ready clone: {}", e.toString());
            }
            synchronized (this) {
                notBefore = System.nanoTime() + AFTER_FAULT.toNanos();
            }
            return false;
        }
    }

    private boolean make(Kind kind, Template template) throws IOException, InterruptedException {
        synchronized (this) {
            if (failures.getOrDefault(template, 0) >= MOST_FAILURES) {
                return false;
            }
        }
        String name = "ready-" + ++made;
        try {
            var clone = ReadyClone.make(setting, template, kind, name);
            LOG.info("{} waits, a clone of template {}", name, template.directory());
            synchronized (this) {
                waiting.add(clone);
                failures.remove(template);
            }
            return true;
        } catch (QemuFailure e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn("a clone of template {} is no good: {}", template.directory(), e.why());
                failed(template, e.why());
            }
            return false;
        }
    }

    private synchronized void failed(Template template, String why) {
        if (failures.merge(template, 1, Integer::sum) == MOST_FAILURES) {
            problems.add(
                    "no clone of template %s waits: %d were no good, the last one since %s"
                            .formatted(template.directory().getFileName(), MOST_FAILURES, why));
        }
    }

    /// Stops making clones and ends all that wait.
    public void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
        List<ReadyClone> all;
        synchronized (this) {
            waiting.addAll(outdated);
            all = List.copyOf(waiting);
            waiting.clear();
        }
        for (var clone : all) {
            clone.end();
        }
    }

    /// A clone that is loaded, has done its [Rehearsal] and is paused until a VM is wanted. Its
    /// owner ends it, or makes it a VM once and ends that.
    static final class ReadyClone {
        private static final Logger LOG = LoggerFactory.getLogger(ReadyClone.class);

        private final Template template;
        private final Kind kind;
        private final QemuInstance qemu;
        private final long born = System.nanoTime();

        private ReadyClone(Template template, Kind kind, QemuInstance qemu) {
            this.template = template;
            this.kind = kind;
            this.qemu = qemu;
        }

        /// Starts one, which takes less than a second on an idle machine.
        ///
        /// @param name of its VM until it becomes another
        /// @throws QemuFailure if it is no good
        static ReadyClone make(QemuSetting setting, Template template, Kind kind, String name)
                throws IOException, InterruptedException {
            var files = setting.files(name);
            var spec =
                    Rehearsal.cloneSpec(
                            name,
                            kind.model(),
                            files.directory().resolve("console"),
                            kind.longest());
            var origin = new Origin.Clone(template);
            boolean made = false;
            try {
                Drives.make(spec, files, origin);
                var qemu = new QemuInstance(setting, spec, files, origin);
                try {
                    qemu.weigh(Weight.LIGHT);
                    qemu.load(new VmTimes.Stopwatch());
                    Rehearsal.run(qemu, setting.clock().instant(), spec.limits().boot());
                    made = true;
                    return new ReadyClone(template, kind, qemu);
                } finally {
                    if (!made) {
                        qemu.end();
                    }
                }
            } finally {
                if (!made) {
                    files.remove();
                }
            }
        }

        /// Whether such VMs have another template by now.
        boolean isOutdated(Template current, VmSpec other) {
            return !template.equals(current) && kind.model().equals(other.model());
        }

        /// Whether it can become such a VM.
        boolean fits(Template wanted, VmSpec other) {
            return template.equals(wanted) && other.limits().time().compareTo(kind.longest()) <= 0;
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - born);
        }

        boolean isDead() {
            return qemu.isOver();
        }

        /// Makes it the wanted VM, still paused: renames its files and fills its drives.
        QemuInstance become(VmSpec wanted, VmFiles files) throws IOException, InterruptedException {
            boolean became = false;
            try {
                qemu.rename(files);
                for (var input : wanted.contents().entrySet()) {
                    if (input.getKey() != Drive.SECRETS) {
                        fill(files.drive(input.getKey()), input.getValue());
                    }
                }
                fill(files.drive(Drive.PLAN), Drives.plan(wanted));
                qemu.weigh(Weight.USUAL);
                became = true;
                return qemu;
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

        /// Ends it and removes its files.
        void end() throws InterruptedException {
            try {
                qemu.end();
            } catch (IOException e) {
                LOG.warn("cannot end {} properly: {}", qemu.files().directory(), e.toString());
            } finally {
                qemu.files().tryToRemove();
            }
        }
    }
}
