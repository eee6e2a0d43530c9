package airlock.source;

import airlock.base.FileFaults;
import airlock.event.CommitId;
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
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;

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
}
