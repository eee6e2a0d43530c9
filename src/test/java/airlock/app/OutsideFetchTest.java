package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.run.DiskSpaceGate;
import airlock.run.RequestWorker;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.Refused;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes from outside that can't be fetched, beside requests of the repository itself.
final class OutsideFetchTest {
    private static final String REFUSAL = "it is broken";
    private static final CommitId TOPIC = commit(9);

    @TempDir Path directory;
    private final HalfAway fetcher = new HalfAway();
    private StoredRuns runs;
    private RequestWorker worker;

    @BeforeEach
    void open() {
        runs = new StoredRuns(directory);
        worker =
                new RequestWorker(
                        runs.current(),
                        new Planning(
                                runs.database, runs::now, runs.outbox, new OutsideRateLimit(1)),
                        fetcher,
                        _ -> Optional.of(StoredRuns.known()),
                        (_, _, _) -> new QueuedChanges.Unnamed("no queue"),
                        new DiskSpaceGate(() -> 2, 1));
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private State state(RequestId request) {
        return runs.views.request(request).orElseThrow().state();
    }

    private void workUntilNothingIsLeft() throws InterruptedException {
        while (worker.at("forge").runOnce()) {
            // the next one
        }
    }

    @Test
    void t11AFailedFetchOfAForksCommitPausesForksAlone() throws Exception {
        var fork = runs.offer(7, "", commit(7));
        var otherFork = runs.offer(8, "", commit(8));
        workUntilNothingIsLeft();
        var own = runs.offer(9, "topic", TOPIC);
        var push = runs.push("main");
        workUntilNothingIsLeft();

        assertThat(List.of(state(own), state(push)))
                .containsOnly(new State.Ended(Verdict.FAILED, REFUSAL));
        assertThat(List.of(state(fork), state(otherFork)))
                .hasOnlyElementsOfType(State.Queued.class);
        assertThat(fetcher.outside).containsExactly(commit(7));
        runs.pass(Duration.ofSeconds(5));
        workUntilNothingIsLeft();
        assertThat(fetcher.outside).hasSize(2);
    }

    private static CommitId commit(int number) {
        return new CommitId("%040x".formatted(0xabc0 + number));
    }

    /// Gets no change from outside, and refuses all else.
    private static final class HalfAway implements SourceFetcher {
        private final List<CommitId> outside = new ArrayList<>();

        @Override
        public Fetched fetch(Wanted wanted) {
            if (wanted.repository().outside()) {
                outside.add(wanted.commit());
            }
            return wanted.repository().outside()
                    ? new Unreachable("it takes too long", true)
                    : new Refused(REFUSAL);
        }

        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            return new Listing.Tips(List.of(new Listing.Tip("refs/heads/topic", TOPIC, TOPIC)));
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            return new Reachable.FromNone();
        }

        @Override
        public Changed changed(
                RemoteRepository repository, String ref, CommitId from, CommitId to) {
            return new Changed.Unknown("it was not looked");
        }
    }
}
