package airlock.run;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.FetchCredentials;
import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.QueuedChanges.Head;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.phases.TestOrders;
import airlock.queue.ClaimedRequest;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.SourceLimits;
import airlock.source.Wanted;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The class of merge groups: that of their changes, each seen where git shows it (T1).
final class TrustTest {
    private static final RepositoryId REPOSITORY = new RepositoryId("forge", "1");
    private static final CommitId GROUP = commit('1');
    private static final CommitId BASE = commit('b');
    private static final CommitId TOPIC = commit('c');
    private static final CommitId FIX = commit('d');

    private static CommitId commit(char digit) {
        return new CommitId(Character.toString(digit).repeat(40));
    }

    private static Trust.Decision decided(QueuedChanges answer) throws InterruptedException {
        var group = Subject.MergeGroup.of("refs/heads/gh-readonly-queue/main/pr-7-" + BASE.hex());
        var request =
                new ClaimedRequest(
                        RequestId.random(), REPOSITORY, group, GROUP, "", 1, 0, Optional.empty());
        var known =
                new Repositories.Known(
                        new RemoteRepository(
                                REPOSITORY,
                                URI.create("https://forge.example/x.git"),
                                new FetchCredentials.None(),
                                SourceLimits.DEFAULT),
                        _ -> true,
                        List.of(),
                        TestOrders.SETTINGS);
        return new Trust(new Tips(), (_, _, _) -> answer).of(request, known, GROUP);
    }

    private static Trust.Decided outside() {
        return new Trust.Decided(TrustClass.OUTSIDE);
    }

    @Test
    void t1AGroupIsInsideIfEachOfItsChangesIsTheTipOfABranchOfTheRepository() throws Exception {
        assertThat(
                        decided(
                                new QueuedChanges.Named(
                                        BASE,
                                        List.of(new Head("topic", TOPIC), new Head("fix", FIX)))))
                .isEqualTo(new Trust.Decided(TrustClass.INSIDE));
    }

    @Test
    void t1OneChangeThatGitDoesNotShowThereMakesItOutside() throws Exception {
        var good = new Head("topic", TOPIC);
        for (var bad :
                List.of(
                        new Head("fix", GROUP),
                        new Head("topic", FIX),
                        new Head("main", TOPIC),
                        new Head("none", FIX),
                        new Head("", FIX),
                        new Head("../x", FIX))) {
            assertThat(decided(new QueuedChanges.Named(BASE, List.of(good, bad))))
                    .as(bad.toString())
                    .isEqualTo(outside());
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'c', 'e'})
    void t1AGroupThatIsNotPutOnTheTipOfItsTargetIsOutside(char base) throws Exception {
        assertThat(
                        decided(
                                new QueuedChanges.Named(
                                        commit(base), List.of(new Head("topic", TOPIC)))))
                .isEqualTo(outside());
    }

    @Test
    void t1ChangesThatAreNotNamedAreOutsideAndAForgeThatIsAwayIsAskedAgain() throws Exception {
        assertThat(decided(new QueuedChanges.Unnamed("no"))).isEqualTo(outside());
        assertThat(decided(new QueuedChanges.Away("no answer"))).isInstanceOf(Trust.Later.class);
    }

    /// A repository with three branches.
    private static final class Tips implements SourceFetcher {
        @Override
        public Fetched fetch(Wanted wanted) {
            throw new AssertionError(wanted);
        }

        @Override
        public Listing tips(RemoteRepository repository, List<String> prefixes) {
            return new Listing.Tips(
                    List.of(
                            new Listing.Tip("refs/heads/main", BASE, BASE),
                            new Listing.Tip("refs/heads/topic", TOPIC, TOPIC),
                            new Listing.Tip("refs/heads/fix", FIX, FIX)));
        }

        @Override
        public Reachable reachable(
                RemoteRepository repository, CommitId commit, List<String> branches) {
            throw new AssertionError(branches);
        }

        @Override
        public Changed changed(
                RemoteRepository repository, String ref, CommitId from, CommitId to) {
            throw new AssertionError(ref);
        }
    }
}
