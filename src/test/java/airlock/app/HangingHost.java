package airlock.app;

import airlock.sandbox.Confinement;
import airlock.vm.Accelerator;
import airlock.vm.Drive;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// VMs that print nothing, and end only when a test ends or cancels them.
public final class HangingHost implements VmHost {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CompletableFuture<VmEnd> end = new CompletableFuture<>();

    public void awaitStart() throws InterruptedException {
        started.await();
    }

    void end(VmEnd how) {
        end.complete(how);
    }

    Optional<VmEnd> ended() {
        return end.isDone() ? Optional.of(end.join()) : Optional.empty();
    }

    @Override
    public Vm start(VmSpec spec, Consumer<GuestRecord> listener) {
        started.countDown();
        return new Hanging(end);
    }

    private record Hanging(CompletableFuture<VmEnd> end) implements Vm {
        @Override
        public Isolation isolation() {
            return new Isolation(Accelerator.TCG, new Confinement(Map.of()));
        }

        @Override
        public VmTimes times() {
            return new VmTimes(VmTimes.Beginning.BOOT, Map.of());
        }

        @Override
        public void keep(Duration most) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void cancel(String reason) {
            end.complete(new VmEnd.Cancelled(reason));
        }

        @Override
        public void takeSystem(Path target) {
            throw new IllegalStateException("it has no system disk");
        }

        @Override
        public Archive take(Drive drive, Path target) {
            throw new IllegalStateException("nothing was packed");
        }

        @Override
        public void close() {}
    }
}
