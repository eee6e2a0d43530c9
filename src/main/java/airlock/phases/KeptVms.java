package airlock.phases;

import airlock.base.Loops;
import airlock.event.RunId;
import airlock.results.PhaseKey;
import airlock.uplink.WindowSize;
import airlock.vm.ReadyClones.Spare;
import airlock.vm.Vm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The VMs of failed phases that stay for a person to look at. None is ever given another run
/// (T12). They take what nobody else needs: where memory or disk is short, the oldest ones end.
///
/// **Threads**: any.
public final class KeptVms implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptVms.class);

    /// How often the disk is looked at.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Policy policy;
    private final Spare spare;
    private final InstantSource clock;

    /// The oldest first.
    private final List<KeptVm> kept = new ArrayList<>();

    private final Loops looks = new Loops();
    private boolean closed;

    /// How many stay.
    ///
    /// @param most at once; 0 for none
    /// @param time how long each
    public record Policy(int most, Duration time) {}

    public KeptVms(Policy policy, Spare spare, InstantSource clock) {
        this.policy = policy;
        this.spare = spare;
        this.clock = clock;
        if (policy.most() > 0) {
            looks.every(LOOK, "kept-vms", this::look);
        }
    }

    /// Keeps none.
    public static KeptVms none() {
        return new KeptVms(new Policy(0, Duration.ZERO), () -> Long.MAX_VALUE, () -> Instant.EPOCH);
    }

    /// Whether a phase that fails may stay.
    boolean mayKeep() {
        return policy.most() > 0;
    }

    /// Keeps a VM whose guest waits for terminals; from now on it is this one's. Where there are
    /// too many, the oldest in which nobody is ends.
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

    /// The first to go.
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

    /// Ends as many as it takes for a VM to find its memory; all, where that is not enough.
    ///
    /// @param bytes of memory
    public void makeRoom(long bytes) {
        for (var one = oldest(); one.isPresent() && spare.memory() < bytes; one = oldest()) {
            end(one.get(), "a run needs its memory");
        }
    }

    private void look() {
        var first = spare.hasRoom() ? Optional.<KeptVm>empty() : oldest();
        first.ifPresent(one -> end(one, "the disk is short of room"));
    }

    /// Until when the machine of a run stays; empty where none does.
    public Optional<Instant> until(RunId run) {
        return find(run).map(KeptVm::until);
    }

    private synchronized Optional<KeptVm> find(RunId run) {
        return kept.stream().filter(one -> one.key().run().equals(run)).findFirst();
    }

    /// Lets a person into the machine of a run; empty where none is kept.
    public Optional<Shell.Opening> enter(RunId run, WindowSize size) throws InterruptedException {
        var one = find(run);
        return one.isEmpty() ? Optional.empty() : Optional.of(one.get().enter(size));
    }

    /// Ends all; none is kept any more.
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
}
