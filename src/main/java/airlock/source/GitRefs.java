package airlock.source;

import airlock.base.Hash;
import airlock.event.GitDepth;
import airlock.event.Refs;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/// The refs of a delivered `.git`, in git's own files (gitrepository-layout(5)).
///
/// @param commit the one that is checked out
/// @param branch the full name of the branch that is checked out; empty if HEAD names the commit
/// @param tags those in the commit's history
record GitRefs(ObjectId commit, Optional<String> branch, List<GitTag> tags) {
    private static final int KEY_LENGTH = 16;

    GitRefs {
        tags = tags.stream().sorted(Comparator.comparing(GitTag::ref)).toList();
    }

    /// @param ref the event's; only a branch becomes a ref of the delivered `.git`
    static GitRefs of(ObjectId commit, String ref, List<GitTag> tags) {
        boolean branch = Refs.valid(ref, Constants.R_HEADS);
        return new GitRefs(commit, branch ? Optional.of(ref) : Optional.empty(), tags);
    }

    /// The file `HEAD`.
    String head() {
        return branch.map(name -> "ref: " + name).orElseGet(commit::name) + "\n";
    }

    /// The file `packed-refs`, so that no ref's name becomes a file's name.
    String packed() {
        var text = new StringBuilder("# pack-refs with: peeled fully-peeled \n");
        branch.ifPresent(name -> line(text, commit, name));
        for (GitTag tag : tags) {
            line(text, tag.id(), tag.ref());
            if (tag.isAnnotated()) {
                text.append('^').append(tag.target().name()).append('\n');
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, ObjectId id, String name) {
        text.append(id.name()).append(' ').append(name).append('\n');
    }

    /// The objects that lead to all others.
    Set<ObjectId> roots() {
        var roots = new HashSet<ObjectId>();
        roots.add(commit);
        tags.forEach(tag -> roots.add(tag.id()));
        return roots;
    }

    /// Unique to these refs and this depth; part of a file's name.
    String key(GitDepth depth) {
        return "%s-%s-%s"
                .formatted(
                        commit.name(),
                        depth.word(),
                        Hash.sha256(head() + packed()).substring(0, KEY_LENGTH));
    }
}
