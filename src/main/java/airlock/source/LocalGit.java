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

/// The `.git` for a packed checkout of a person: the history of HEAD, the current branch and the
/// tags in that history. In the VM, staged changes are changes like any others.
record LocalGit(Repository repository, GitRefs refs, GitDepth depth) {

    /// Empty if no `.git` is wanted, or there is no commit yet.
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

    /// Appends it to the files in the tar.
    ///
    /// @param lengths by path, of the files that equal those of HEAD
    /// @param beside the tar, whose directory has room for temporary files
    void writeTo(TarWriter tar, Map<String, Long> lengths, Path beside) throws IOException {
        Path work = Files.createTempDirectory(beside.toAbsolutePath().getParent(), ".git");
        try {
            new GitFolder(repository, refs, depth, work).writeTo(tar, lengths);
        } finally {
            Trees.remove(work);
        }
    }
}
