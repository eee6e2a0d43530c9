package airlock.results;

import airlock.event.Subject;
import airlock.event.TrustClass;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Finds the outputs that a run may start from (T6): those of earlier runs of the same plan, or
/// with a cache of the same name. Best first: its own ref or change request before the default
/// branch, newest first.
///
/// Outputs of a lower trust class are never found, so no output raises trust; and a run from
/// outside finds nothing private.
final class EarlierBlobs {
    /// How many to find, in case the newest do not fit or are missing on disk.
    private static final int MOST = 5;

    private EarlierBlobs() {}

    record Row(String sha256, long bytes, boolean isPrivate, long keyedAt) {}

    /// @param mark the label and key that they must have
    static List<Row> find(Handle handle, BlobReader reader, String name, BlobMark mark) {
        var found = new ArrayList<>(of(handle, reader, reader.subject(), name, mark));
        if (found.size() < MOST && !reader.subject().equals(reader.defaultBranch())) {
            found.addAll(of(handle, reader, reader.defaultBranch(), name, mark));
        }
        return found.stream().limit(MOST).toList();
    }

    /// Finds those of one ref or change request; an index has them in this order.
    private static List<Row> of(
            Handle handle, BlobReader reader, Subject subject, String name, BlobMark mark) {
        return handle.createQuery(
                        """
                        SELECT b.sha256, b.bytes, b.private, b.keyed_at
                        FROM blob b JOIN run r ON r.id = b.run JOIN run me ON me.id = :run
                        WHERE b.repository = :repository AND b.name = :name AND b.run <> :run
                            AND b.kind = :kind AND b.subject = :subject
                            AND b.removed_at = 0 AND b.offered = 1 AND b.label = :label
                            AND (:key = '' OR b.reuse_key = :key)
                            AND (:label <> '' OR r.plan = me.plan AND r.cell = me.cell)
                            AND CASE b.trust WHEN 'listed' THEN 2 WHEN 'inside' THEN 1 ELSE 0 END
                                >= :least
                            AND (b.private = 0 OR :outside = 0)
                        ORDER BY b.created_at DESC, r.seq DESC, b.phase = 'plan' DESC
                        LIMIT :most
                        """)
                .bind("run", reader.run().text())
                .bind("repository", reader.repository().toString())
                .bind("name", name)
                .bind("label", mark.label())
                .bind("key", mark.key())
                .bind("kind", subject.kind())
                .bind("subject", subject.key())
                .bind("least", rank(reader.trust()))
                .bind("outside", reader.trust() == TrustClass.OUTSIDE)
                .bind("most", MOST)
                .map(
                        (rows, _) ->
                                new Row(
                                        rows.getString(1),
                                        rows.getLong(2),
                                        rows.getBoolean(3),
                                        rows.getLong(4)))
                .list();
    }

    /// The same numbers as in the query.
    private static int rank(TrustClass trust) {
        return switch (trust) {
            case LISTED -> 2;
            case INSIDE -> 1;
            case OUTSIDE -> 0;
        };
    }
}
