package airlock.source;

import airlock.event.GitDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;

/// Picks the tags in a commit's history.
record NearTags(Repository repository, GitDepth depth) {
    /// More than `git describe` and people look at; each is a line of a file and usually an object.
    static final int MOST = 5000;

    /// The tags among `offered` of `commit` and, as far as `depth` goes, its ancestors: newest
    /// commits first, at most [#MOST].
    List<GitTag> of(ObjectId commit, List<GitTag> offered) throws IOException {
        Map<ObjectId, List<GitTag>> waiting = new HashMap<>();
        for (GitTag tag : offered) {
            waiting.computeIfAbsent(tag.target(), _ -> new ArrayList<>()).add(tag);
        }
        List<GitTag> near = new ArrayList<>();
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setRetainBody(false);
            walk.sort(RevSort.COMMIT_TIME_DESC);
            RevCommit from = walk.parseCommit(commit);
            if (depth != GitDepth.FULL) {
                return firsts(waiting.getOrDefault(from, List.of()));
            }
            walk.markStart(from);
            int commits = 0;
            for (RevCommit at = walk.next();
                    at != null && !waiting.isEmpty() && near.size() < MOST;
                    at = walk.next()) {
                GitPack.checkCount(++commits);
                List<GitTag> here = waiting.remove(at);
                near.addAll(here == null ? List.of() : here);
            }
        }
        return firsts(near);
    }

    private static List<GitTag> firsts(List<GitTag> tags) {
        return List.copyOf(tags.subList(0, Math.min(MOST, tags.size())));
    }

    /// Whether the repository has `tag` with the claimed target.
    boolean holds(GitTag tag) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.peel(walk.parseAny(tag.id())).equals(tag.target());
        } catch (MissingObjectException e) {
            return false;
        }
    }
}
