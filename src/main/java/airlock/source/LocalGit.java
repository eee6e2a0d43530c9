package airlock.source;

import airlock.base.Trees;
import airlock.event.GitDepth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/// The `.git` that a person's own checkout is packed with: what HEAD leads to, the branch that is
/// checked out and the tags in its history. What is staged is not in it: in the machine it is a
/// change like any other.
record LocalGit(Repository repository, GitRefs refs, GitDepth depth) {

    /// Nothing where no `.git` is wanted, or there is no commit yet.
    static Optional<LocalGit> of(Repository repository, GitDepth depth) throws IOException {
        if (depth == GitDepth.NONE) {
            return Optional.empty();
        }
        ObjectId head = repository.resolve(Constants.HEAD + "^{commit}");
        if (head == null) {
            return Optional.empty();
        }
        String branch = Objects.requireNonNullElse(repository.getFullBranch(), "");
        List<GitTag> tags =
                new NearTags(repository, depth).of(head, GitTag.among(tags(repository), ""));
        return Optional.of(new LocalGit(repository, GitRefs.of(head, branch, tags), depth));
    }

    private static List<Ref> tags(Repository repository) throws IOException {
        var names = repository.getRefDatabase();
        List<Ref> tags = new ArrayList<>();
        for (Ref ref : names.getRefsByPrefix(GitTag.PREFIX)) {
            tags.add(names.peel(ref));
        }
        return tags;
    }

    /// Writes it behind the files.
    ///
    /// @param lengths of the files that are as HEAD has them, by path
    /// @param beside the tar, beside which there is room for a while
    void writeTo(TarWriter tar, Map<String, Long> lengths, Path beside) throws IOException {
        Path work = Files.createTempDirectory(beside.toAbsolutePath().getParent(), ".git");
        try {
            new GitFolder(repository, refs, depth, work).writeTo(tar, lengths);
        } finally {
            Trees.remove(work);
        }
    }
}
