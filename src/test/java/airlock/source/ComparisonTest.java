package airlock.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which files differ between two commits, asked of a real git server.
class ComparisonTest extends ForgeFixture {
    private static final String MAIN = "refs/heads/main";

    private CommitId first;

    @BeforeEach
    void commit() {
        first = git.write("a", "1").write("src/b.c", "1").write("docs/c", "1").commit("first");
    }

    private Changed changed(CommitId from, CommitId to) throws InterruptedException {
        return forge.fetcher.changed(repo.remote(), MAIN, from, to);
    }

    private static Changed paths(String... paths) {
        return new Changed.Paths(Arrays.asList(paths));
    }

    @Test
    void whatWasWrittenChangedAndRemovedDiffersAndNothingElse() throws Exception {
        git.git("rm", "-q", "a");
        var second = git.write("src/b.c", "2").write("src/new/d", "1").commit("second");

        assertThat(changed(first, second)).isEqualTo(paths("a", "src/b.c", "src/new/d"));
        assertThat(changed(second, first)).isEqualTo(paths("a", "src/b.c", "src/new/d"));
        assertThat(changed(first, first)).isEqualTo(paths());
    }

    @Test
    void aFileInTheFoldersPlaceAndAModeAreChangesToo() throws Exception {
        git.git("rm", "-q", "docs/c");
        git.git("config", "core.fileMode", "false");
        git.git("update-index", "--chmod=+x", "a");
        var second = git.write("docs", "now a file").commit("second");

        assertThat(changed(first, second)).isEqualTo(paths("a", "docs", "docs/c"));
    }

    @Test
    void commitsThatAreNotFetchedYetAreFetched() throws Exception {
        var second = git.write("a", "2").commit("second");
        var third = git.write("a", "3").write("src/b.c", "3").commit("third");
        assertThat(forge.source(repo).commit()).isEqualTo(third);

        assertThat(changed(first, third)).isEqualTo(paths("a", "src/b.c"));
        assertThat(changed(second, third)).isEqualTo(paths("a", "src/b.c"));
    }

    @Test
    void whatTheForgeHasNoMoreCannotBeTold() throws Exception {
        var nowhere = new CommitId("12".repeat(20));

        assertThat(changed(nowhere, first)).isInstanceOf(Changed.Unknown.class);
        assertThat(changed(first, nowhere)).isInstanceOf(Changed.Unknown.class);
        assertThat(
                        forge.fetcher.changed(
                                repo.with(forge.server.url("nowhere")).remote(),
                                MAIN,
                                nowhere,
                                nowhere))
                .isInstanceOf(Unreachable.class);
    }

    @Test
    void moreThanCanBeListedIsNotListed() throws Exception {
        for (int i = 0; i <= FetchJob.MOST_PATHS; i++) {
            git.write("many/" + i, "");
        }
        var second = git.commit("second");

        assertThat(changed(first, second))
                .isEqualTo(new Changed.Unknown("too much differs to be listed"));
    }

    /// A folder of ten folders, of ten folders, …: the same object each time, and no file.
    @ParameterizedTest
    @ValueSource(ints = {5, 30})
    void foldersWithoutNumberAreNotWalked(int levels) throws Exception {
        String tree = new String(git.run(new byte[0], "mktree"), UTF_8).strip();
        for (int level = 0; level < levels; level++) {
            var lines = new StringBuilder();
            for (char name = 'a'; name < 'k'; name++) {
                lines.append("040000 tree ").append(tree).append('\t').append(name).append('\n');
            }
            tree = new String(git.run(lines.toString().getBytes(UTF_8), "mktree"), UTF_8).strip();
        }
        var bomb = new CommitId(git.git("commit-tree", "-m", "bomb", tree).strip());
        git.git("update-ref", MAIN, bomb.hex());

        assertThat(changed(first, bomb)).isInstanceOf(Changed.Unknown.class);
    }
}
