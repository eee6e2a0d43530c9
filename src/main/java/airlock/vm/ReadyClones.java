package airlock.vm;

import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clones that wait for somebody who needs a VM. A thread of its own makes them when nothing
/// was handed out for a second, and gives them back (ends them) when they are too old, when their
/// template is gone, or when memory is short. Without one a VM is cloned or boots, so nothing here
/// ever fails a run.
///
/// **Threads**: any.
public final class ReadyClones {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyClones.class);

    /// Phases follow one another; a clone that is made between two would slow the second.
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /// A disk that is full does not get room in a second.
    private static final Duration AFTER_FAULT = Duration.ofSeconds(30);

    /// What one that waits takes at most, in bytes.
    private static final long WEIGHT = 256L << 20;

    /// How often one of a template may be no good before no more are made of it.
    private static final int MOST_FAILURES = 3;

    private final Policy policy;
    private final Spare spare;
    private final List<ReadyClone.Kind> kinds = new CopyOnWriteArrayList<>();
    private final List<ReadyClone> waiting = new ArrayList<>();
    private final List<ReadyClone> outdated = new ArrayList<>();
    private final Map<Template, Integer> failures = new HashMap<>();
    private final @Nullable QemuSetting setting;
    private final @Nullable Thread thread;
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private long handedOut;
    private long taken = System.nanoTime() - QUIET.toNanos();
    private long notBefore = taken;
    private int made;

    private ReadyClones(@Nullable QemuSetting setting, Policy policy, Spare spare, boolean works) {
        this.setting = setting;
        this.policy = policy;
        this.spare = spare;
        this.thread =
                works ? Thread.ofPlatform().name("ready-clones").daemon().start(this::work) : null;
    }

    /// How many wait, and until when.
    ///
    /// @param count for each kind of VM
    /// @param age after which one is given back
    /// @param spareMemory bytes that the host must have left beside them
    public record Policy(int count, Duration age, long spareMemory) {}

    /// What the host has left for them.
    @FunctionalInterface
    public interface Spare {
        /// Bytes of memory that it could give to a program.
        long memory();

        /// Whether its disk has room for one more.
        default boolean hasRoom() {
            return true;
        }
    }

    /// None: each VM is cloned or boots when it is wanted.
    public static ReadyClones none() {
        return new ReadyClones(null, new Policy(0, Duration.ZERO, 0), () -> 0, false);
    }

    /// Keeps them for the kinds of which [#keep] tells.
    public static ReadyClones of(QemuSetting setting, Policy policy, Spare spare) {
        return new ReadyClones(setting, policy, spare, policy.count() > 0);
    }

    /// Has clones of this kind wait from now on.
    ///
    /// @param longest how long a VM of it may take
    public void keep(BootFiles boot, VmShape shape, Duration longest) {
        kinds.add(new ReadyClone.Kind(boot, shape, longest));
        synchronized (this) {
            notifyAll();
        }
    }

    /// One that such a VM can come of; it is the caller's.
    synchronized Optional<ReadyClone> take(Template template, VmSpec spec) {
        for (Iterator<ReadyClone> each = waiting.iterator(); each.hasNext(); ) {
            var clone = each.next();
            if (clone.isOutdated(template, spec)) {
                each.remove();
                outdated.add(clone);
            } else if (clone.fits(template, spec) && !clone.isDead()) {
                each.remove();
                taken = System.nanoTime();
                handedOut++;
                return Optional.of(clone);
            }
        }
        return Optional.empty();
    }

    /// How many wait now.
    public synchronized int waiting() {
        return waiting.size();
    }

    /// How many became VMs since the start.
    public synchronized long handedOut() {
        return handedOut;
    }

    /// Why no more are made of some templates, for people.
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

    private synchronized boolean mayMake(ReadyClone.Kind kind) {
        long there = waiting.stream().filter(clone -> clone.kind().equals(kind)).count();
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
        for (Iterator<ReadyClone> each = waiting.iterator(); each.hasNext(); ) {
            var clone = each.next();
            // memory that one gives back may be enough
            boolean first = scarce && gone.isEmpty();
            if (first
                    || clone.isDead()
                    || clone.age().compareTo(policy.age()) > 0
                    || !clone.template().isThere()) {
                each.remove();
                gone.add(clone);
            }
        }
        return gone;
    }

    /// Makes one; whether it waits now.
    private boolean refill(ReadyClone.Kind kind) throws InterruptedException {
        var machine = Objects.requireNonNull(setting);
        try {
            var template = machine.templates().ask(machine, kind.boot(), kind.shape()).get();
            return template.isPresent()
                    && !isGivenUp(template.orElseThrow())
                    && make(machine, kind, template.orElseThrow());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (IOException | RuntimeException e) {
            // who is told to end closes what it works on
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn("no ready clone: {}", e.toString());
            }
            synchronized (this) {
                notBefore = System.nanoTime() + AFTER_FAULT.toNanos();
            }
            return false;
        }
    }

    private synchronized boolean isGivenUp(Template template) {
        return failures.getOrDefault(template, 0) >= MOST_FAILURES;
    }

    private boolean make(QemuSetting machine, ReadyClone.Kind kind, Template template)
            throws IOException, InterruptedException {
        String name = "ready-" + ++made;
        return switch (ReadyClone.make(machine, template, kind, name)) {
            case ReadyClone.Making.Made(var clone) -> {
                LOG.info("{} waits, a clone of template {}", name, template.directory());
                synchronized (this) {
                    waiting.add(clone);
                    failures.remove(template);
                }
                yield true;
            }
            case ReadyClone.Making.Refused(var why) -> {
                if (!Thread.currentThread().isInterrupted()) {
                    LOG.warn("a clone of template {} is no good: {}", template.directory(), why);
                    failed(template, why);
                }
                yield false;
            }
        };
    }

    private synchronized void failed(Template template, String why) {
        if (failures.merge(template, 1, Integer::sum) == MOST_FAILURES) {
            problems.add(
                    "no clone of template %s waits: %d were no good, the last one since %s"
                            .formatted(template.directory().getFileName(), MOST_FAILURES, why));
        }
    }

    /// Ends all that wait; none is made any more.
    public void end() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
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
}
