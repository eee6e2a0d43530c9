package airlock.phases;

import airlock.base.Loops;
import airlock.event.RunId;
import airlock.results.PhaseKey;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.ReadyClones.Spare;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The VMs of failed phases that stay for people to look at. They never get another run (T12), and
/// end, the oldest first, if memory or disk runs short.
///
/// **Threads**: any.
public final class KeptVms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptVms.class);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Policy policy;
    private final Spare spare;
    private final InstantSource clock;

    /// The oldest first.
    private final List<KeptVm> kept = new ArrayList<>();

    private final Loops looks = new Loops();
    private boolean closed;

    /// How many stay, and how long.
    ///
    /// @param most at the same time; 0 for none
    /// @param time of each
    public record Policy(int most, Duration time) {}

    public KeptVms(Policy policy, Spare spare, InstantSource clock) {
        this.policy = policy;
        this.spare = spare;
        this.clock = clock;
        if (policy.most() > 0) {
            looks.every(LOOK, "kept-vms", this::look);
        }
    }

    public static KeptVms none() {
        return new KeptVms(new Policy(0, Duration.ZERO), () -> Long.MAX_VALUE, () -> Instant.EPOCH);
    }

    boolean mayKeep() {
        return policy.most() > 0;
    }

    /// Takes over a VM whose guest waits for terminals. If there are too many, ends the oldest one
    /// without a visitor.
    void keep(PhaseKey key, Vm vm, ShellPort port) {
        var one = new KeptVm(key, vm, port, clock.instant(), policy.time());
        boolean late;
        synchronized (this) {
            late = closed;
            kept.add(one);
        }
        Thread.ofVirtual().name("kept-vm").start(() -> await(one));
        if (late) {
            one.end("the server stops");
        }
        for (var over = surplus(); over.isPresent(); over = surplus()) {
            end(over.get(), "a younger one is kept instead");
        }
    }

    private void await(KeptVm one) {
        try {
            one.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            forget(one);
        }
    }

    private synchronized void forget(KeptVm one) {
        kept.remove(one);
    }

    private synchronized Optional<KeptVm> surplus() {
        return kept.size() > policy.most() ? oldest() : Optional.empty();
    }

    private synchronized Optional<KeptVm> oldest() {
        return kept.stream()
                .filter(one -> !one.isVisited())
                .findFirst()
                .or(() -> kept.stream().findFirst());
    }

    private void end(KeptVm one, String why) {
        LOG.info("the kept VM of run {} ends: {}", one.key().run(), why);
        one.end(why);
        forget(one);
    }

    /// Ends as many as necessary, if need be all, until a VM finds its memory.
    public void makeRoom(long bytes) {
        for (var one = oldest(); one.isPresent() && spare.memory() < bytes; one = oldest()) {
            end(one.get(), "a run needs its memory");
        }
    }

    private void look() {
        var first = spare.hasRoom() ? Optional.<KeptVm>empty() : oldest();
        first.ifPresent(one -> end(one, "the disk is short of room"));
    }

    public Optional<Instant> until(RunId run) {
        return find(run).map(KeptVm::until);
    }

    private synchronized Optional<KeptVm> find(RunId run) {
        return kept.stream().filter(one -> one.key().run().equals(run)).findFirst();
    }

    public Optional<Shell.Opening> enter(RunId run, WindowSize size) throws InterruptedException {
        var one = find(run);
        return one.isEmpty() ? Optional.empty() : Optional.of(one.get().enter(size));
    }

    /// Ends all, and those that come later.
    @Override
    public void close() {
        List<KeptVm> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(kept);
        }
        looks.close();
        all.forEach(one -> end(one, "the server stops"));
    }

    /// The VM of a failed phase that stays for people. It is paused while it has no visitor.
    static final class KeptVm {
        private final PhaseKey key;
        private final Vm vm;
        private final VisitedVm visited;
        private final Instant until;
        private final CountDownLatch removed = new CountDownLatch(1);
        private int visitors;

        /// @param vm whose guest waits for terminals; this takes it over
        KeptVm(PhaseKey key, Vm vm, ShellPort port, Instant now, Duration time) {
            this.key = key;
            this.vm = vm;
            this.visited = new VisitedVm(port, true);
            this.until = now.plus(time);
            vm.keep(time);
            port.turn();
            vm.pause();
        }

        PhaseKey key() {
            return key;
        }

        Instant until() {
            return until;
        }

        synchronized boolean isVisited() {
            return visitors > 0;
        }

        void await() throws InterruptedException {
            try {
                visited.ended(vm.await());
            } finally {
                vm.close();
                removed.countDown();
                visited.ended(new VmEnd.Cancelled("it was ended"));
            }
        }

        /// Ends it and waits until its files are removed.
        void end(String why) {
            vm.cancel(why);
            try {
                removed.await();
            } catch (InterruptedException _) {
                // it ends anyway
                Thread.currentThread().interrupt();
            }
        }

        Shell.Opening enter(WindowSize size) throws InterruptedException {
            synchronized (this) {
                if (visitors++ == 0) {
                    vm.resume();
                }
            }
            String name = "the kept machine of run " + key.run();
            return visited.open(size, name, key.phase(), until, this::left);
        }

        private synchronized void left() {
            if (--visitors == 0) {
                vm.pause();
            }
        }
    }
}
