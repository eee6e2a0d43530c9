package airlock.source;

import airlock.base.FileFaults;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.source.FetchMessage.Stage;
import airlock.source.Fetched.Missing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
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

    Answer run(Order order) {
        try {
            return switch (order) {
                case Order.Fetch fetch -> fetch(fetch);
                case Order.Tips tips -> tips(tips);
                case Order.Reach reach -> reach(reach);
                case Order.Compare compare -> compare(compare);
            };
        } catch (SourceException e) {
            String why = String.valueOf(e.getMessage());
            return e.isRefusal() ? new Refused(why) : new Answer.Broke(why);
        } catch (MissingObjectException | CorruptObjectException | IncorrectObjectTypeException e) {
            return new Answer.Damaged(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer.Broke(FileFaults.words(e));
        }
    }

    private Answer fetch(Order.Fetch order) throws IOException {
        try (GitMirror mirror = mirror(order)) {
            return fetch(order, mirror);
        }
    }

    private Answer fetch(Order.Fetch order, GitMirror mirror) throws IOException {
        try (Remote remote = remote(mirror, order)) {
            Download.Outcome outcome = new Download(mirror, remote, stage).obtain(order);
            return switch (outcome) {
                case Download.Stop stop -> stop.answer();
                case Download.Ready ready -> pack(order, mirror, remote, ready);
            };
        }
    }

    private Answer pack(Order.Fetch order, GitMirror mirror, Remote remote, Download.Ready ready)
            throws IOException {
        List<GitTag> tags;
        try {
            tags = new TagDownload(mirror, remote, stage).obtain(order, ready.offered());
        } catch (TransportException e) {
            return remote.explain(e);
        }
        stage.accept(Stage.PACKING);
        return new Packing(mirror.repository(), order, tags, home).pack(ready.tip());
    }

    private Answer compare(Order.Compare order) throws IOException {
        try (GitMirror mirror = mirror(order);
                Remote remote = remote(mirror, order)) {
            var download = new Download(mirror, remote, stage);
            return new Comparison(mirror.repository(), download).of(order);
        }
    }

    private Answer reach(Order.Reach order) throws IOException {
        try (GitMirror mirror = mirror(order);
                Remote remote = remote(mirror, order)) {
            return new History(mirror, remote, stage).reach(order);
        }
    }

    private Answer tips(Order.Tips order) throws IOException {
        stage.accept(Stage.ASKING);
        try (Remote remote = Remote.open(null, order.target(), home)) {
            try (FetchConnection connection = remote.connect(order.prefixes())) {
                List<Listing.Tip> tips = new ArrayList<>();
                int all = connection.getRefs().size();
                if (all > MOST_REFS) {
                    return new Refused(
                            "the repository has %,d branches, tags and change requests, which are more than %,d"
                                    .formatted(all, MOST_REFS));
                }
                for (Ref ref : connection.getRefs()) {
                    ObjectId id = ref.getObjectId();
                    if (id != null
                            && order.prefixes().stream().anyMatch(ref.getName()::startsWith)) {
                        tips.add(new Listing.Tip(ref.getName(), commit(id), commit(peeled(ref))));
                    }
                }
                return new Listing.Tips(tips);
            } catch (TransportException e) {
                return remote.explain(e);
            }
        }
    }

    private GitMirror mirror(Order order) throws IOException {
        stage.accept(Stage.ASKING);
        return GitMirror.open(home.resolve(GitMirror.LENT), order.target().limits());
    }

    private Remote remote(GitMirror mirror, Order order) throws IOException {
        return Remote.open(mirror.repository(), order.target(), home);
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

    /// Fetches the tags in a commit's history into the mirror, which has the commit already.
    record TagDownload(GitMirror mirror, Remote remote, Consumer<Stage> stage) {
        /// The tags among `offered` that belong to the order's commit and are in the mirror.
        ///
        /// @throws TransportException if the forge does not send their objects
        List<GitTag> obtain(Order.Fetch order, List<GitTag> offered) throws IOException {
            if (order.git() == GitDepth.NONE || offered.isEmpty()) {
                return List.of();
            }
            ObjectId commit;
            try (RevWalk walk = new RevWalk(mirror.repository())) {
                RevObject named =
                        walk.peel(walk.parseAny(ObjectId.fromString(order.commit().hex())));
                if (!(named instanceof RevCommit)) {
                    return List.of();
                }
                commit = named.copy();
            }
            var tags = new NearTags(mirror.repository(), order.git());
            List<GitTag> near = tags.of(commit, offered);
            receive(near);
            List<GitTag> held = new ArrayList<>();
            for (GitTag tag : near) {
                if (tags.holds(tag)) {
                    held.add(tag);
                }
            }
            return held;
        }

        private void receive(List<GitTag> tags) throws IOException {
            List<Ref> lacking = new ArrayList<>();
            for (GitTag tag : tags) {
                if (!mirror.has(tag.id())) {
                    lacking.add(
                            new ObjectIdRef.PeeledTag(
                                    Ref.Storage.NETWORK, tag.ref(), tag.id(), tag.target()));
                }
            }
            if (lacking.isEmpty()) {
                return;
            }
            stage.accept(Stage.RECEIVING);
            try (FetchConnection connection = remote.connect(List.of(GitTag.PREFIX))) {
                remote.receive(connection, lacking);
            } catch (TransportException e) {
                // one was removed meanwhile: then none of the missing ones arrive
                if (!Download.isNotOffered(e)) {
                    throw e;
                }
            }
        }
    }

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

    /// Tells whether a commit is in the history of some branches, from a mirror of their commits,
    /// without trees if the forge can filter them out.
    record History(GitMirror mirror, Remote remote, Consumer<Stage> stage) {
        /// A branch and its commit at the forge.
        private record Head(String ref, ObjectId tip) {}

        Answer reach(Order.Reach order) throws IOException {
            List<Head> heads;
            try {
                heads = receive(order.refs());
            } catch (TransportException e) {
                return remote.explain(e);
            }
            ObjectId wanted = ObjectId.fromString(order.commit().hex());
            if (!mirror.has(wanted)) {
                return new Reachable.FromNone();
            }
            try (RevWalk walk = new RevWalk(mirror.repository())) {
                walk.setRetainBody(false);
                RevCommit commit = walk.parseCommit(wanted);
                for (Head head : heads) {
                    if (walk.isMergedInto(commit, walk.parseCommit(head.tip()))) {
                        return new Reachable.From(head.ref());
                    }
                }
            }
            return new Reachable.FromNone();
        }

        private List<Head> receive(List<String> refs) throws IOException {
            try {
                return receive(refs, true);
            } catch (TransportException e) {
                if (!String.valueOf(e.getMessage()).contains("filter")) {
                    throw e;
                }
                return receive(refs, false);
            }
        }

        private List<Head> receive(List<String> refs, boolean filter) throws IOException {
            remote.onlyCommits(filter);
            try (FetchConnection connection = remote.connect(refs)) {
                List<Ref> lacking = new ArrayList<>();
                List<Head> heads = new ArrayList<>();
                for (String name : refs) {
                    Ref ref = connection.getRef(name);
                    if (ref != null) {
                        heads.add(new Head(name, FetchJob.peeled(ref)));
                        if (!mirror.has(ref.getObjectId())) {
                            lacking.add(ref);
                        }
                    }
                }
                if (!lacking.isEmpty()) {
                    stage.accept(Stage.RECEIVING);
                    remote.receive(connection, lacking);
                }
                for (Head head : heads) {
                    mirror.keep(head.ref(), head.tip());
                }
                return heads;
            }
        }
    }
}
