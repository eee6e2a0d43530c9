package airlock.source;

import airlock.base.FileFaults;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.source.FetchMessage.Stage;
import airlock.source.Fetched.Missing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/// Carries out one order, in the fetch process.
///
/// @param home the process's home, with the order's mirror if there is one
/// @param stage hears of each stage when it begins
record FetchJob(Path home, Consumer<Stage> stage) {
    /// The server holds all of them in memory.
    private static final int MOST_REFS = 100_000;

    /// Larger changes count as changes of everything, since each path is matched with patterns.
    static final int MOST_PATHS = 5_000;

    private static final int MOST_CHARACTERS = 256 << 10;

    /// Nested folders can be countless and hold no file.
    private static final int MOST_ENTRIES = 100_000;

    Answer run(Order order) {
        stage.accept(Stage.ASKING);
        var target = order.target();
        try (var mirror = GitMirror.open(home.resolve(GitMirror.LENT), target.limits());
                var remote = Remote.open(mirror, target, home, stage)) {
            return answer(order, mirror, remote);
        } catch (SourceException e) {
            String why = String.valueOf(e.getMessage());
            return e.isRefusal() ? new Refused(why) : new Answer.Broke(why);
        } catch (MissingObjectException | CorruptObjectException | IncorrectObjectTypeException e) {
            return new Answer.Damaged(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer.Broke(FileFaults.words(e));
        }
    }

    private Answer answer(Order order, GitMirror mirror, Remote remote) throws IOException {
        try {
            return switch (order) {
                case Order.Fetch fetch -> fetch(fetch, mirror, remote);
                case Order.Tips tips -> tips(tips, remote);
                case Order.Reach reach -> reach(reach, mirror, remote);
                case Order.Compare compare -> compare(compare, mirror, remote);
            };
        } catch (TransportException e) {
            return remote.explain(e);
        }
    }

    private Answer fetch(Order.Fetch order, GitMirror mirror, Remote remote) throws IOException {
        return switch (new Download(mirror, remote).obtain(order)) {
            case Download.Stop(var answer) -> answer;
            case Download.Ready(var tip, var tags) -> {
                stage.accept(Stage.PACKING);
                yield new Packing(mirror, order, tags, home).pack(tip);
            }
        };
    }

    private static Answer tips(Order.Tips order, Remote remote) throws IOException {
        try (FetchConnection connection = remote.connect(order.prefixes())) {
            int all = connection.getRefs().size();
            if (all > MOST_REFS) {
                return new Refused(
                        "the repository has %,d branches, tags and change requests, which are more than %,d"
                                .formatted(all, MOST_REFS));
            }
            List<Listing.Tip> tips = new ArrayList<>();
            for (Ref ref : connection.getRefs()) {
                ObjectId id = ref.getObjectId();
                if (id != null && order.prefixes().stream().anyMatch(ref.getName()::startsWith)) {
                    tips.add(new Listing.Tip(ref.getName(), commit(id), commit(peeled(ref))));
                }
            }
            return new Listing.Tips(tips);
        }
    }

    /// The object behind an annotated tag, or the ref's object.
    static ObjectId peeled(Ref ref) {
        ObjectId peeled = ref.getPeeledObjectId();
        ObjectId id = peeled == null ? ref.getObjectId() : peeled;
        return id == null ? ObjectId.zeroId() : id;
    }

    static CommitId commit(ObjectId id) {
        return new CommitId(id.name());
    }

    /// Fetches both commits into the mirror first.
    private static Answer compare(Order.Compare order, GitMirror mirror, Remote remote)
            throws IOException {
        var download = new Download(mirror, remote);
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
            if (download.obtain(wanted) instanceof Download.Stop(Answer answer)) {
                return answer instanceof Missing(var why) ? new Changed.Unknown(why) : answer;
            }
        }
        return compared(order, mirror);
    }

    private static Changed compared(Order.Compare order, GitMirror mirror) throws IOException {
        try (var commits = new RevWalk(mirror);
                var walk = new TreeWalk(mirror)) {
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

    /// Keeps a mirror of commits, without trees if the forge can filter them out.
    private static Answer reach(Order.Reach order, GitMirror mirror, Remote remote)
            throws IOException {
        Map<String, ObjectId> heads;
        try {
            heads = heads(order.refs(), mirror, remote, true);
        } catch (TransportException e) {
            if (!String.valueOf(e.getMessage()).contains("filter")) {
                throw e;
            }
            heads = heads(order.refs(), mirror, remote, false);
        }
        ObjectId wanted = ObjectId.fromString(order.commit().hex());
        if (!mirror.has(wanted)) {
            return new Reachable.FromNone();
        }
        try (RevWalk walk = new RevWalk(mirror)) {
            walk.setRetainBody(false);
            RevCommit commit = walk.parseCommit(wanted);
            for (var head : heads.entrySet()) {
                if (walk.isMergedInto(commit, walk.parseCommit(head.getValue()))) {
                    return new Reachable.From(head.getKey());
                }
            }
        }
        return new Reachable.FromNone();
    }

    /// Receives the histories of `refs`; returns their commits at the forge, in that order.
    private static Map<String, ObjectId> heads(
            List<String> refs, GitMirror mirror, Remote remote, boolean filter) throws IOException {
        remote.onlyCommits(filter);
        try (FetchConnection connection = remote.connect(refs)) {
            List<Ref> found = new ArrayList<>();
            Map<String, ObjectId> heads = new LinkedHashMap<>();
            for (String name : refs) {
                Ref ref = connection.getRef(name);
                if (ref != null) {
                    found.add(ref);
                    heads.put(name, peeled(ref));
                }
            }
            remote.receive(connection, mirror.lacking(found));
            for (var head : heads.entrySet()) {
                mirror.keep(head.getKey(), head.getValue());
            }
            return heads;
        }
    }
}
