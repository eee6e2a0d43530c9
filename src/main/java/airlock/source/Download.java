package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.source.FetchMessage.Stage;
import airlock.source.Fetched.Missing;
import airlock.source.Fetched.Moved;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.jspecify.annotations.Nullable;

/// Gets one commit into the mirror by its id. The ref is read and the commit requested over one
/// connection, so a ref that moves in between changes nothing.
record Download(GitMirror mirror, Remote remote, Consumer<Stage> stage) {
    sealed interface Outcome {}

    /// The commit is in the mirror.
    ///
    /// @param tip the ref's commit; [CommitId#NONE] if the ref is gone
    /// @param offered the tags that the forge has, if the order wants any
    record Ready(CommitId tip, List<GitTag> offered) implements Outcome {}

    /// The commit is not in the mirror.
    record Stop(Answer answer) implements Outcome {}

    Outcome obtain(Order.Fetch order) throws IOException {
        if (order.commit().hex().length() != ObjectId.zeroId().name().length()) {
            return new Stop(
                    new Unreachable("repositories with SHA-256 ids are not understood yet", false));
        }
        ObjectId wanted = ObjectId.fromString(order.commit().hex());
        switch (order.git()) {
            case NONE, SHALLOW -> remote.withoutHistory();
            case FULL -> {} // the default of a connection
        }
        try (FetchConnection connection = remote.connect(refs(order))) {
            Ref ref = connection.getRef(order.ref());
            if (ref != null && isAt(ref, wanted)) {
                return atTip(connection, ref, order);
            }
            return switch (order.place()) {
                case TIP -> new Stop(notAtTip(ref, order));
                case ANYWHERE -> leftBehind(connection, ref, wanted, order);
            };
        } catch (TransportException e) {
            return new Stop(remote.explain(e));
        }
    }

    private static List<String> refs(Order.Fetch order) {
        return switch (order.git()) {
            case NONE -> List.of(order.ref());
            case SHALLOW, FULL -> List.of(order.ref(), GitTag.PREFIX);
        };
    }

    private static Ready ready(FetchConnection connection, Order.Fetch order, CommitId tip) {
        return new Ready(
                tip,
                switch (order.git()) {
                    case NONE -> List.of();
                    case SHALLOW, FULL -> GitTag.among(connection.getRefs(), order.ref());
                });
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

    private Outcome atTip(FetchConnection connection, Ref ref, Order.Fetch order)
            throws IOException {
        if (!mirror.has(ref.getObjectId())) {
            receive(connection, ref);
            if (!mirror.has(ref.getObjectId())) {
                return new Stop(
                        new Unreachable(
                                "%s said that %s is at %s and then did not send it"
                                        .formatted(
                                                order.target().url(), order.ref(), order.commit()),
                                true));
            }
        }
        mirror.keep(order.ref(), ref.getObjectId());
        return ready(connection, order, FetchJob.commit(FetchJob.peeled(ref)));
    }

    /// Requests the id itself, which most servers allow, then the ref's whole history.
    private Outcome leftBehind(
            FetchConnection connection, @Nullable Ref ref, ObjectId wanted, Order.Fetch order)
            throws IOException {
        if (!mirror.has(wanted)) {
            try {
                receive(
                        connection,
                        new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, wanted.name(), wanted));
            } catch (TransportException e) {
                if (!isNotOffered(e)) {
                    throw e;
                }
                if (ref != null) {
                    receiveHistory(order);
                }
            }
        }
        if (!mirror.has(wanted)) {
            return new Stop(
                    new Missing(
                            "%s has no commit %s (any more)"
                                    .formatted(order.target().url(), wanted.name())));
        }
        if (order.git() == GitDepth.FULL) {
            // saves another transfer of its history with the tags
            mirror.keep(wanted.name(), wanted);
        }
        CommitId tip = ref == null ? CommitId.NONE : FetchJob.commit(FetchJob.peeled(ref));
        return ready(connection, order, tip);
    }

    private void receiveHistory(Order.Fetch order) throws IOException {
        switch (order.git()) {
            case NONE, SHALLOW -> remote.wholeHistory();
            case FULL -> {} // nothing was left out before
        }
        try (FetchConnection connection = remote.connect(List.of(order.ref()))) {
            Ref ref = connection.getRef(order.ref());
            if (ref != null) {
                receive(connection, ref);
            }
        }
    }

    private void receive(FetchConnection connection, Ref ref) throws TransportException {
        stage.accept(Stage.RECEIVING);
        remote.receive(connection, List.of(ref));
    }

    /// Messages of git's server, of JGit's, and of JGit about a server that ends.
    static boolean isNotOffered(TransportException fault) {
        String message = String.valueOf(fault.getMessage());
        return message.contains("not our ref") || message.contains(" not valid");
    }
}
