package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.CommitId;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Listing refs, and finding the history that contains a commit.
class TipsAndHistoryTest extends ForgeFixture {
    private static final List<String> MAIN = List.of("refs/heads/main");

    private CommitId first;
    private CommitId second;
    private CommitId aside;

    @BeforeEach
    void commit() {
        first = git.write("a", "1").commit("first");
        git.git("checkout", "-q", "-b", "topic");
        aside = git.write("a", "3").commit("aside");
        git.git("checkout", "-q", "main");
        second = git.write("a", "2").commit("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "version=0"})
    void tipsOfBranchesTagsAndChangeRequestsAreListed(String protocol) throws Exception {
        forge.server.protocol(protocol);
        git.git("tag", "-a", "-m", "one", "v1", first.hex());
        git.git("tag", "light", first.hex());
        git.git("update-ref", "refs/pull/7/head", aside.hex());
        git.git("update-ref", "refs/hidden/x", aside.hex());
        CommitId tag = git.resolve("v1");

        Listing listing =
                forge.fetcher.tips(
                        repo.remote(), List.of("refs/heads/", "refs/tags/", "refs/pull/"));

        assertThat(listing)
                .isInstanceOfSatisfying(
                        Listing.Tips.class,
                        tips ->
                                assertThat(tips.tips())
                                        .containsExactlyInAnyOrder(
                                                new Listing.Tip("refs/heads/main", second, second),
                                                new Listing.Tip("refs/heads/topic", aside, aside),
                                                new Listing.Tip("refs/tags/v1", tag, first),
                                                new Listing.Tip("refs/tags/light", first, first),
                                                new Listing.Tip("refs/pull/7/head", aside, aside)));
    }

    @Test
    void aRepositoryWithoutCommitsHasNoTips() throws Exception {
        Forge.Repo empty = forge.repo();

        assertThat(forge.fetcher.tips(empty.remote(), List.of("refs/heads/")))
                .isEqualTo(new Listing.Tips(List.of()));
    }

    @Test
    void aForgeThatIsNotThereIsUnreachable() throws Exception {
        var nowhere = repo.with(forge.server.url("nowhere"));

        assertThat(forge.fetcher.tips(nowhere.remote(), List.of("refs/heads/")))
                .isInstanceOf(Unreachable.class);
        assertThat(forge.fetcher.reachable(nowhere.remote(), first, MAIN))
                .isInstanceOf(Unreachable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aCommitIsReachableFromTheBranchesWhoseHistoryHoldsIt(String filter) throws Exception {
        git.git("config", "uploadpack.allowFilter", filter);
        assertThat(reachable(first, "refs/heads/main"))
                .isEqualTo(new Reachable.From("refs/heads/main"));
        assertThat(reachable(second, "refs/heads/none", "refs/heads/topic", "refs/heads/main"))
                .isEqualTo(new Reachable.From("refs/heads/main"));
        assertThat(reachable(aside, "refs/heads/main")).isEqualTo(new Reachable.FromNone());
        assertThat(reachable(aside, "refs/heads/topic", "refs/heads/main"))
                .isEqualTo(new Reachable.From("refs/heads/topic"));
        var nowhere = new CommitId("12".repeat(20));
        assertThat(reachable(nowhere, "refs/heads/main")).isEqualTo(new Reachable.FromNone());
    }

    @Test
    void aBranchThatLetGoOfACommitNoLongerHasIt() throws Exception {
        assertThat(reachable(second, "refs/heads/main")).isInstanceOf(Reachable.From.class);
        git.git("reset", "-q", "--hard", first.hex());

        assertThat(reachable(second, "refs/heads/main")).isEqualTo(new Reachable.FromNone());
    }

    @Test
    void historiesAreKeptWithoutTreesWhereTheForgeCanLeaveThemOut() throws Exception {
        git.git("config", "uploadpack.allowFilter", "true");
        assertThat(reachable(first, "refs/heads/main")).isInstanceOf(Reachable.From.class);

        // the answer comes before its process is dead, and the mirror goes back after
        var there = GitMirror.historyOf(forge.mirror(repo));
        await().until(() -> Files.isDirectory(there));
        var mirror = new GitRepo(there);
        assertThat(mirror.git("cat-file", "--batch-all-objects", "--batch-check"))
                .contains(" commit ")
                .doesNotContain(" tree ")
                .doesNotContain(" blob ");
        assertThat(forge.source(repo).commit()).isEqualTo(second);
    }

    private Reachable reachable(CommitId commit, String... branches) throws InterruptedException {
        return forge.fetcher.reachable(repo.remote(), commit, List.of(branches));
    }
}
