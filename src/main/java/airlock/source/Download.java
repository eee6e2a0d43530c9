package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.jspecify.annotations.Nullable;

/// Gets one commit into the mirror by its id, and the tags in its history. The ref is read and the
/// commit requested over one connection, so a ref that moves in between changes nothing.
record Download(GitMirror mirror, Remote remote) {
    sealed interface Outcome {}

    /// The commit is in the mirror.
    ///
    /// @param tip the ref's commit; [CommitId#NONE] if the ref is gone
    /// @param tags those in the commit's history, if the order wants any; in the mirror too
    record Ready(CommitId tip, List<GitTag> tags) implements Outcome {}

    record Stop(Answer answer) implements Outcome {}

    Outcome obtain(Order.Fetch order) throws IOException {
        if (order.commit().hex().length() != ObjectId.zeroId().name().length()) {
            return new Stop(
                    new Unreachable("repositories with SHA-256 ids are not understood yet", false));
        }
        ObjectId wanted = ObjectId.fromString(order.commit().hex());
        boolean wantsTags = order.git() != GitDepth.NONE;
        if (order.git() != GitDepth.FULL) {
            remote.withoutHistory();
        }
        CommitId tip;
        List<GitTag> offered;
        try (FetchConnection connection =
                remote.connect(
                        wantsTags ? List.of(order.ref(), GitTag.PREFIX) : List.of(order.ref()))) {
            Ref ref = connection.getRef(order.ref());
            Optional<Answer> problem =
                    ref != null && isAt(ref, wanted)
                            ? atTip(connection, ref, order)
                            : switch (order.place()) {
                                case TIP -> Optional.of(notAtTip(ref, order));
                                case ANYWHERE -> leftBehind(connection, ref, wanted, order);
                            };
            if (problem.isPresent()) {
                return new Stop(problem.get());
            }
            tip = ref == null ? CommitId.NONE : FetchJob.commit(FetchJob.peeled(ref));
            offered =
                    wantsTags ? GitTag.among(connection.getRefs(), order.ref()) : List.<GitTag>of();
        }
        return new Ready(tip, tags(order, wanted, offered));
    }

    private static boolean isAt(Ref ref, ObjectId wanted) {
        return wanted.equals(ref.getObjectId()) || wanted.equals(ref.getPeeledObjectId());
    }

    private static Answer notAtTip(@Nullable Ref ref, Order.Fetch order) {
        return ref == null
                ? new Missing(
                        "there is no %s at %s (any more)"
                                .formatted(order.ref(), order.target().url()))
                : new Moved(FetchJob.commit(FetchJob.peeled(ref)));
    }

    private Optional<Answer> atTip(FetchConnection connection, Ref ref, Order.Fetch order)
            throws IOException {
        remote.receive(connection, mirror.lacking(List.of(ref)));
        if (!mirror.has(ref.getObjectId())) {
            return Optional.of(
                    new Unreachable(
                            "%s said that %s is at %s and then did not send it"
                                    .formatted(order.target().url(), order.ref(), order.commit()),
                            true));
        }
        mirror.keep(order.ref(), ref.getObjectId());
        return Optional.empty();
    }

    /// Requests the id itself, which most servers allow, then the ref's whole history.
    private Optional<Answer> leftBehind(
            FetchConnection connection, @Nullable Ref ref, ObjectId wanted, Order.Fetch order)
            throws IOException {
        var id = new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, wanted.name(), wanted);
        try {
            remote.receive(connection, mirror.lacking(List.of(id)));
        } catch (TransportException e) {
            if (!isNotOffered(e)) {
                throw e;
            }
            if (ref != null) {
                receiveHistory(order);
            }
        }
        if (!mirror.has(wanted)) {
            return Optional.of(
                    new Missing(
                            "%s has no commit %s (any more)"
                                    .formatted(order.target().url(), wanted.name())));
        }
        if (order.git() == GitDepth.FULL) {
            // saves another transfer of its history with the tags
            mirror.keep(wanted.name(), wanted);
        }
        return Optional.empty();
    }

    private void receiveHistory(Order.Fetch order) throws IOException {
        if (order.git() != GitDepth.FULL) {
            remote.wholeHistory();
        }
        try (FetchConnection connection = remote.connect(List.of(order.ref()))) {
            Ref ref = connection.getRef(order.ref());
            if (ref != null) {
                remote.receive(connection, List.of(ref));
            }
        }
    }

    /// The tags among `offered` that belong to the commit and are in the mirror now.
    private List<GitTag> tags(Order.Fetch order, ObjectId wanted, List<GitTag> offered)
            throws IOException {
        if (offered.isEmpty()) {
            return List.of();
        }
        try (RevWalk walk = new RevWalk(mirror)) {
            if (!(walk.peel(walk.parseAny(wanted)) instanceof RevCommit commit)) {
                return List.of();
            }
            List<GitTag> near = GitTag.near(mirror, order.git(), commit, offered);
            receiveTags(near);
            List<GitTag> held = new ArrayList<>();
            for (GitTag tag : near) {
                if (holds(walk, tag)) {
                    held.add(tag);
                }
            }
            return held;
        }
    }

    private void receiveTags(List<GitTag> tags) throws IOException {
        List<Ref> lacking = mirror.lacking(tags.stream().map(GitTag::asRef).toList());
        if (lacking.isEmpty()) {
            return;
        }
        try (FetchConnection connection = remote.connect(List.of(GitTag.PREFIX))) {
            remote.receive(connection, lacking);
        } catch (TransportException e) {
            // one was removed meanwhile: then none of the missing ones arrive
            if (!isNotOffered(e)) {
                throw e;
            }
        }
    }

    /// Whether the mirror has `tag` with the claimed target.
    private static boolean holds(RevWalk walk, GitTag tag) throws IOException {
        try {
            return walk.peel(walk.parseAny(tag.id())).equals(tag.target());
        } catch (MissingObjectException e) {
            return false;
        }
    }

    /// Messages of git's server, of JGit's, and of JGit about a server that ends.
    private static boolean isNotOffered(TransportException fault) {
        String message = String.valueOf(fault.getMessage());
        return message.contains("not our ref") || message.contains(" not valid");
    }
}
