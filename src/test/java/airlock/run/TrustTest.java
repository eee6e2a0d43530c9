package airlock.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.app.StoredRuns;
import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.event.QueuedChanges.Head;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.queue.ClaimedRequest;
import airlock.source.Listing;
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

    private static final Listing TIPS =
            new Listing.Tips(
                    List.of(
                            new Listing.Tip("refs/heads/main", BASE, BASE),
                            new Listing.Tip("refs/heads/topic", TOPIC, TOPIC),
                            new Listing.Tip("refs/heads/fix", FIX, FIX)));

    private static CommitId commit(char digit) {
        return new CommitId(Character.toString(digit).repeat(40));
    }

    private static TrustClass decided(QueuedChanges answer) throws InterruptedException {
        var group = Subject.MergeGroup.of("refs/heads/gh-readonly-queue/main/pr-7-" + BASE.hex());
        var request =
                new ClaimedRequest(
                        RequestId.random(), REPOSITORY, group, GROUP, "", 1, 0, Optional.empty());
        return new Trust(AnsweringFetcher.of(TIPS), (_, _, _) -> answer)
                .of(request, StoredRuns.known(), GROUP);
    }

    @Test
    void t1AGroupIsInsideIfEachOfItsChangesIsTheTipOfABranchOfTheRepository() throws Exception {
        assertThat(
                        decided(
                                new QueuedChanges.Named(
                                        BASE,
                                        List.of(new Head("topic", TOPIC), new Head("fix", FIX)))))
                .isEqualTo(TrustClass.INSIDE);
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
                    .isEqualTo(TrustClass.OUTSIDE);
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'c', 'e'})
    void t1AGroupThatIsNotPutOnTheTipOfItsTargetIsOutside(char base) throws Exception {
        assertThat(
                        decided(
                                new QueuedChanges.Named(
                                        commit(base), List.of(new Head("topic", TOPIC)))))
                .isEqualTo(TrustClass.OUTSIDE);
    }

    @Test
    void t1ChangesThatAreNotNamedAreOutsideAndAForgeThatIsAwayIsAskedAgain() throws Exception {
        assertThat(decided(new QueuedChanges.Unnamed("no"))).isEqualTo(TrustClass.OUTSIDE);
        assertThatThrownBy(() -> decided(new QueuedChanges.Away("no answer")))
                .isInstanceOf(RequestWorker.AwayException.class);
    }
}
