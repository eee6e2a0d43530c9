package airlock.source;

import airlock.event.GitDepth;
import airlock.event.Refs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;

/// A tag of a forge or a repository.
///
/// @param ref its full name, valid for git
/// @param id the object it names: a commit or a tag object
/// @param target the object behind the tag object, unverified; `id` if that is a commit
record GitTag(String ref, ObjectId id, ObjectId target) {
    static final String PREFIX = "refs/tags/";

    /// More than `git describe` and people look at; each is a line of a file and usually an object.
    static final int MOST = 5000;

    /// The tags among `refs` with harmless names, `first` before all others.
    static List<GitTag> among(Collection<Ref> refs, String first) {
        List<GitTag> tags = new ArrayList<>();
        for (Ref ref : refs) {
            ObjectId id = ref.getObjectId();
            if (id != null && Refs.valid(ref.getName(), PREFIX)) {
                var tag = new GitTag(ref.getName(), id.copy(), FetchJob.peeled(ref).copy());
                tags.add(tag.ref().equals(first) ? 0 : tags.size(), tag);
            }
        }
        return tags;
    }

    /// The tags among `offered` of `commit` and, as far as `depth` goes, its ancestors: newest
    /// commits first, at most [#MOST].
    static List<GitTag> near(
            Repository repository, GitDepth depth, ObjectId commit, List<GitTag> offered)
            throws IOException {
        Map<ObjectId, List<GitTag>> waiting = new HashMap<>();
        for (GitTag tag : offered) {
            waiting.computeIfAbsent(tag.target(), _ -> new ArrayList<>()).add(tag);
        }
        if (depth != GitDepth.FULL) {
            return first(waiting.getOrDefault(commit, List.of()));
        }
        List<GitTag> near = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.markStart(walk.parseCommit(commit));
            int commits = 0;
            for (RevCommit at = walk.next();
                    at != null && !waiting.isEmpty() && near.size() < MOST;
                    at = walk.next()) {
                GitPack.checkCount(++commits);
                List<GitTag> here = waiting.remove(at);
                near.addAll(here == null ? List.of() : here);
            }
        }
        return first(near);
    }

    private static List<GitTag> first(List<GitTag> tags) {
        return List.copyOf(tags.subList(0, Math.min(MOST, tags.size())));
    }

    /// Whether there is a tag object, with a message of its own.
    boolean isAnnotated() {
        return !id.equals(target);
    }

    Ref asRef() {
        return new ObjectIdRef.PeeledTag(Ref.Storage.NETWORK, ref, id, target);
    }
}
