package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/// Lists the files that differ between two commits, which it fetches into the mirror first.
record Comparison(Repository repository, Download download) {
    /// Larger changes count as changes of everything, since each path is matched with patterns.
    static final int MOST_PATHS = 5_000;

    /// In all paths together.
    static final int MOST_CHARACTERS = 256 << 10;

    /// Nested folders can be countless and hold no file.
    private static final int MOST_ENTRIES = 100_000;

    Answer of(Order.Compare order) throws IOException {
        for (CommitId commit : List.of(order.from(), order.to())) {
            var wanted =
                    new Order.Fetch(
                            order.target(),
                            order.ref(),
                            commit,
                            CommitPlace.ANYWHERE,
                            List.of(),
                            GitDepth.NONE,
                            List.of());
            switch (download.obtain(wanted)) {
                case Download.Stop(Missing(String why)) -> {
                    return new Changed.Unknown(why);
                }
                case Download.Stop(Answer answer) -> {
                    return answer;
                }
                case Download.Ready _ -> {}
            }
        }
        return compared(order);
    }

    private Changed compared(Order.Compare order) throws IOException {
        try (var commits = new RevWalk(repository);
                var walk = new TreeWalk(repository)) {
            walk.addTree(tree(commits, order.from()));
            walk.addTree(tree(commits, order.to()));
            walk.setFilter(TreeFilter.ANY_DIFF);
            var paths = new ArrayList<String>();
            int characters = 0;
            for (int entries = 0; walk.next(); entries++) {
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else {
                    paths.add(walk.getPathString());
                    characters += paths.getLast().length();
                }
                if (entries >= MOST_ENTRIES
                        || walk.getDepth() > order.target().limits().depth()
                        || paths.size() > MOST_PATHS
                        || characters > MOST_CHARACTERS) {
                    return new Changed.Unknown("too much differs to be listed");
                }
            }
            return new Changed.Paths(paths);
        }
    }

    private static RevTree tree(RevWalk commits, CommitId id) throws IOException {
        return commits.parseTree(ObjectId.fromString(id.hex()));
    }
}
