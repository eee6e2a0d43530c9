package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.event.StateChange;
import airlock.event.Verdict;
import airlock.phases.PhaseRunner;
import airlock.queue.Claims;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.run.DiskSpaceGate;
import airlock.run.RequestWorker;
import airlock.run.RunWorker.TipCheck;
import airlock.run.RunWorker;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Wanted;
import airlock.store.DiskSpace;
import airlock.store.Listener;
import airlock.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Work that a full disk hits in the middle.
final class HitByAFullDiskTest {
    @TempDir Path directory;
    private StoredRuns runs;

    @BeforeEach
    void open() {
        runs = new StoredRuns(directory);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    /// A fetcher that always fails so.
    private record Failing(RuntimeException fault) implements SourceFetcher {
        @Override
        public Fetched fetch(Wanted wanted) {
            throw fault;
        }

        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            throw fault;
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            throw fault;
        }

        @Override
        public Changed changed(
                RemoteRepository repository, String ref, CommitId from, CommitId to) {
            throw fault;
        }
    }

    private boolean request(RuntimeException fault, long free) throws InterruptedException {
        return request(fault, () -> free, runs::now);
    }

    private boolean request(RuntimeException fault, DiskSpace room, InstantSource clock)
            throws InterruptedException {
        return new RequestWorker(
                        runs.current(),
                        new Planning(runs.database, clock, runs.outbox, new OutsideRateLimit(1)),
                        new Failing(fault),
                        _ -> Optional.of(StoredRuns.known()),
                        (_, _, _) -> new QueuedChanges.Unnamed("no queue"),
                        new DiskSpaceGate(room, 1_000))
                .at("forge")
                .runOnce();
    }

    private State state(RequestId request) {
        return runs.views.request(request).orElseThrow().state();
    }

    @Test
    void aRequestWhoseFetchFoundTheDiskFullWaitsAndIsTriedAgain() throws Exception {
        var request = runs.push("main");
        var full = new UncheckedIOException(new IOException("No space left on device"));

        assertThat(request(full, 2_000)).isTrue();
        assertThat(state(request)).isInstanceOf(State.Queued.class);
        assertThat(request(full, 2_000)).as("before its time").isFalse();
        runs.pass(Duration.ofMinutes(1));
        assertThat(request(new IllegalStateException("why ever"), 999)).isTrue();
        assertThat(state(request)).as("while there is no room").isInstanceOf(State.Queued.class);

        runs.pass(Duration.ofMinutes(1));
        assertThat(request(new IllegalStateException("why ever"), 2_000)).isTrue();
        assertThat(state(request)).isEqualTo(new State.Ended(Verdict.BROKE, "why ever"));
    }

    @Test
    void aRequestThatMetAFullDiskWaitsThoughThereIsRoomAgainBeforeThatIsWritten() throws Exception {
        var request = runs.push("main");
        var free = new AtomicLong(0);
        InstantSource failsOnce =
                () -> {
                    if (free.getAndSet(2_000) == 0) {
                        throw new StoreException("the state could not be written: disk full");
                    }
                    return runs.now();
                };

        assertThat(request(new IllegalStateException("why ever"), free::get, failsOnce)).isTrue();

        assertThat(free).as("room while it was written").hasValue(2_000);
        assertThat(state(request)).isInstanceOf(State.Queued.class);
    }

    @Test
    void aRequestThatNeverFitsIsGivenUpSomeDay() throws Exception {
        var request = runs.push("main");
        var full = new UncheckedIOException(new IOException("No space left on device"));
        for (int i = 0; i < 21; i++) {
            assertThat(state(request)).isInstanceOf(State.Queued.class);
            assertThat(request(full, 2_000)).isTrue();
            runs.pass(Duration.ofMinutes(1));
        }
        assertThat(state(request)).isInstanceOf(State.Ended.class);
    }

    /// A state that can't be written the first times that something ends.
    private static final class Full implements Listener<StateChange> {
        private final AtomicInteger left = new AtomicInteger(2);

        @Override
        public void changed(Handle handle, StateChange change) {
            if (change.state() instanceof State.Ended && left.getAndDecrement() > 0) {
                throw new StoreException("the state could not be written: disk full");
            }
        }
    }

    @Test
    void theVerdictOfARunIsWrittenAgainUntilItIsOnTheDiskAndStaysWhatItWas() throws Exception {
        var request = runs.push("main");
        runs.plan("main");
        var full = new Full();
        var claims = new Claims(runs.database, runs::now, full, "the server");
        var worker =
                new RunWorker(
                        claims,
                        new TipCheck(
                                new Failing(new IllegalStateException("not asked")),
                                new Planning(
                                        runs.database, runs::now, full, new OutsideRateLimit(1))),
                        _ -> Optional.of(StoredRuns.known()),
                        new PhaseRunner(runs.parts("no image is asked for")),
                        runs.records,
                        runs.logs,
                        runs::now);

        assertThat(worker.runOnce()).isTrue();

        assertThat(full.left.get()).isNegative();
        assertThat(runs.views.runsOf(request).getFirst().state())
                .isInstanceOfSatisfying(
                        State.Ended.class,
                        ended -> {
                            assertThat(ended.verdict()).isEqualTo(Verdict.PASSED);
                            assertThat(ended.reason()).doesNotContain("disk full");
                        });
    }
}
