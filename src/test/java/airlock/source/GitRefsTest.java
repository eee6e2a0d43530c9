package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.GitDepth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names of refs that strangers chose, on their way into the files of a `.git`.
class GitRefsTest {
    private static final ObjectId COMMIT = ObjectId.fromString("12".repeat(20));

    @TempDir private Path temporary;

    private static Ref tag(String name) {
        return new ObjectIdRef.PeeledNonTag(Ref.Storage.NETWORK, name, COMMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refs/tags/../../../etc/x",
                "refs/tags/a\n" + "ref: refs/heads/x",
                "refs/tags/a b",
                "refs/tags/",
                "refs/tags/a.lock",
                "refs/tags/.a",
                "refs/tags/a\0b",
                "refs/tags/a//b",
                "refs/heads/a",
                "HEAD",
                "refs/tags/a~1"
            })
    void aTagWhoseNameCouldDoHarmIsNone(String name) {
        assertThat(GitTag.among(List.of(tag(name), tag("refs/tags/v1")), ""))
                .containsExactly(new GitTag("refs/tags/v1", COMMIT, COMMIT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refs/heads/../../config",
                "refs/heads/a\nb",
                "refs/heads/",
                "refs/pull/7/head",
                "refs/tags/v1",
                "refs/heads/a.lock"
            })
    void whatIsNoBranchIsCheckedOutByItsId(String ref) {
        GitRefs refs = GitRefs.of(COMMIT, ref, List.of());
        assertThat(refs.head()).isEqualTo(COMMIT.name() + "\n");
        assertThat(refs.packed()).hasLineCount(1);
    }

    @Test
    void theTagThatWasPushedComesBeforeAllOthers() {
        var refs = List.of(tag("refs/tags/a"), tag("refs/tags/b"), tag("refs/tags/c"));
        assertThat(GitTag.among(refs, "refs/tags/c").getFirst().ref()).isEqualTo("refs/tags/c");
    }

    @Test
    void gitReadsEveryNameThatIsLetInAndNoOther() throws Exception {
        GitRepo git = GitRepo.create(temporary.resolve("repo"));
        git.write("a", "1").commit("first");
        ObjectId commit = ObjectId.fromString(git.head().hex());
        var random = new Random(7);
        String letters = "ab/.-_~^:?*[\\ @{}\n\0\t\u00e4\u6587\u007flock";
        List<Ref> offered = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            var name = new StringBuilder("refs/tags/t" + i + "-");
            int length = random.nextInt(8);
            for (int j = 0; j < length; j++) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            offered.add(new ObjectIdRef.PeeledNonTag(Ref.Storage.NETWORK, name.toString(), commit));
        }
        List<GitTag> tags = GitTag.among(offered, "");
        var refs = GitRefs.of(commit, "refs/heads/main", tags);

        Files.writeString(git.directory().resolve(".git/packed-refs"), refs.packed());
        Files.writeString(git.directory().resolve(".git/HEAD"), refs.head());

        assertThat(tags).hasSizeBetween(100, 1900);
        assertThat(git.git("for-each-ref", "--format=%(refname)", "refs/tags").lines())
                .containsExactlyInAnyOrderElementsOf(tags.stream().map(GitTag::ref).toList());
        assertThat(git.git("rev-parse", "HEAD")).isEqualTo(commit.name());
    }

    @Test
    void ofTooManyTagsTheNewestCommitsAreTaken() throws Exception {
        GitRepo git = GitRepo.create(temporary.resolve("repo"));
        ObjectId first = ObjectId.fromString(git.write("a", "1").commit("first").hex());
        ObjectId second = ObjectId.fromString(git.write("a", "2").commit("second").hex());
        List<GitTag> offered =
                IntStream.rangeClosed(0, GitTag.MOST)
                        .mapToObj(i -> new GitTag("refs/tags/old" + i, first, first))
                        .collect(Collectors.toCollection(ArrayList::new));
        offered.add(new GitTag("refs/tags/new", second, second));
        offered.add(new GitTag("refs/tags/elsewhere", COMMIT, COMMIT));
        try (var repository =
                new FileRepositoryBuilder().setWorkTree(git.directory().toFile()).build()) {
            List<GitTag> near = GitTag.near(repository, GitDepth.FULL, second, offered);

            assertThat(near).hasSize(GitTag.MOST);
            assertThat(near.getFirst().ref()).isEqualTo("refs/tags/new");
            assertThat(GitTag.near(repository, GitDepth.SHALLOW, second, offered))
                    .extracting(GitTag::ref)
                    .containsExactly("refs/tags/new");
        }
    }

    @Test
    void theKeyOfATarChangesWithItsRefsAndItsDepth() {
        var tag = new GitTag("refs/tags/v1", COMMIT, COMMIT);
        var keys =
                List.of(
                        GitRefs.of(COMMIT, "refs/heads/a", List.of()).key(GitDepth.FULL),
                        GitRefs.of(COMMIT, "refs/heads/b", List.of()).key(GitDepth.FULL),
                        GitRefs.of(COMMIT, "refs/heads/a", List.of(tag)).key(GitDepth.FULL),
                        GitRefs.of(COMMIT, "refs/heads/a", List.of()).key(GitDepth.SHALLOW),
                        GitRefs.of(COMMIT, "refs/pull/1/head", List.of()).key(GitDepth.FULL));
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(GitRefs.of(COMMIT, "refs/pull/2/head", List.of()).key(GitDepth.FULL))
                .isEqualTo(keys.getLast());
    }
}
