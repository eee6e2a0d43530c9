package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.PhaseKey;
import airlock.sandbox.Confinement;
import airlock.uplink.Terminal.WindowSize;
import airlock.vm.Accelerator;
import airlock.vm.Drive;
import airlock.vm.ReadyClones.Spare;
import airlock.vm.Vm;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KeptVmsTest {
    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration TIME = Duration.ofMinutes(30);
    private static final WindowSize SIZE = new WindowSize(80, 24);

    private final AtomicLong memory = new AtomicLong(Long.MAX_VALUE);
    private final AtomicBoolean room = new AtomicBoolean(true);
    private final KeptVms kept =
            new KeptVms(
                    new KeptVms.Policy(2, TIME),
                    new Spare() {
                        @Override
                        public long memory() {
                            return memory.get();
                        }

                        @Override
                        public boolean hasRoom() {
                            return room.get();
                        }
                    },
                    () -> NOW);

    @AfterEach
    void end() {
        kept.close();
    }

    private final class WrittenDown implements Vm {
        private final List<String> wanted = new CopyOnWriteArrayList<>();
        private final CompletableFuture<VmEnd> end = new CompletableFuture<>();

        @Override
        public Isolation isolation() {
            return new Isolation(Accelerator.TCG, new Confinement(Map.of()));
        }

        @Override
        public CompletableFuture<VmEnd> end() {
            return end;
        }

        @Override
        public VmTimes times() {
            return new VmTimes(VmTimes.Beginning.BOOT, Map.of());
        }

        @Override
        public void keep(Duration most) {
            wanted.add("keep " + most);
        }

        @Override
        public void pause() {
            wanted.add("pause");
        }

        @Override
        public void resume() {
            wanted.add("resume");
        }

        @Override
        public void cancel(String reason) {
            if (end.complete(new VmEnd.Cancelled(reason))) {
                wanted.add("end: " + reason);
                memory.set(Long.MAX_VALUE);
            }
        }

        @Override
        public void takeSystem(Path target) {
            throw new IllegalStateException("it has no system disk");
        }

        @Override
        public Archive take(Drive drive, Path target) {
            throw new AssertionError("nothing of a kept VM is an output");
        }

        @Override
        public void close() {
            cancel("closed");
            wanted.add("closed");
        }
    }

    private record One(RunId run, WrittenDown vm) {}

    private One keep() {
        var one = new One(RunId.random(), new WrittenDown());
        var port = new ShellPort(Optional.empty());
        port.over();
        kept.keep(new PhaseKey(one.run(), 1, Phase.PLAN), one.vm(), port);
        return one;
    }

    @Test
    void oneStaysForItsTimeAndStandsStillWhileNobodyIsIn() throws Exception {
        var one = keep();

        assertThat(kept.until(one.run())).contains(NOW.plus(TIME));
        assertThat(one.vm().wanted).containsExactly("keep PT30M", "pause");
        assertThat(kept.enter(one.run(), SIZE))
                .get()
                .isInstanceOfSatisfying(
                        Shell.Opening.Refused.class,
                        no -> assertThat(no.why()).contains("its machine has ended"));
        assertThat(one.vm().wanted).containsExactly("keep PT30M", "pause", "resume", "pause");
    }

    @Test
    void noOtherRunGetsIntoIt() throws Exception {
        keep();

        assertThat(kept.until(RunId.random())).isEmpty();
        assertThat(kept.enter(RunId.random(), SIZE)).isEmpty();
    }

    @Test
    void oneThatEndsByItselfIsForgottenAndRemoved() {
        var one = keep();

        one.vm().end.complete(new VmEnd.TimedOut(TIME));

        await().until(() -> kept.until(one.run()).isEmpty());
        assertThat(one.vm().wanted).endsWith("closed");
    }

    @Test
    void oneTooManyEndsTheOldest() {
        var first = keep();
        var second = keep();
        var third = keep();

        assertThat(first.vm().wanted).contains("end: a younger one is kept instead", "closed");
        assertThat(kept.until(first.run())).isEmpty();
        assertThat(kept.until(second.run())).isPresent();
        assertThat(kept.until(third.run())).isPresent();
    }

    @Test
    void aRunThatNeedsMemoryGetsThatOfTheOldest() {
        var first = keep();
        var second = keep();

        kept.makeRoom(1L << 30);
        assertThat(kept.until(first.run())).isPresent();
        memory.set(1L << 20);
        kept.makeRoom(1L << 30);

        assertThat(first.vm().wanted).contains("end: a run needs its memory", "closed");
        assertThat(kept.until(second.run())).as("what one gave back was enough").isPresent();
    }

    @Test
    void aDiskThatIsShortOfRoomEndsThem() {
        var one = keep();

        room.set(false);

        await().until(() -> kept.until(one.run()).isEmpty());
        assertThat(one.vm().wanted).contains("end: the disk is short of room");
    }

    @Test
    void theEndOfTheServerIsTheirs() {
        var one = keep();

        kept.close();

        assertThat(one.vm().wanted).contains("end: the server stops", "closed");
        var late = keep();
        assertThat(late.vm().wanted).contains("end: the server stops");
    }
}
