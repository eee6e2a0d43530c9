package airlock.source;

import airlock.event.GitDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;

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
            RevObject named = walk.peel(walk.parseAny(ObjectId.fromString(order.commit().hex())));
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
