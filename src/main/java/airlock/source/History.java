package airlock.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;

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
