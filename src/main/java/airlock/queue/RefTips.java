package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.Subject;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The last known commit of each ref and change request, and all moves so far (T5).
final class RefTips {
    /// Replaces a body's hash in moves that a sweep found.
    private static final String SEEN = "seen ";

    /// Why a tip was recorded.
    enum Origin {
        EVENT,
        SWEEP,
        BASELINE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param target the target branch at that time, empty for refs
    /// @param awaited the commit of a doubtful webhook, empty if none
    record Tip(CommitId commit, String target, Origin origin, String awaited) {
        boolean is(CommitId other, String otherTarget) {
            return commit.equals(other) && target.equals(otherTarget);
        }
    }

    record Seen(CommitId after, RequestId request) {}

    Optional<Tip> find(Handle handle, RepositoryId repository, Subject subject) {
        return handle.createQuery(
                        """
                        SELECT commit_id, target, origin, awaited FROM tip
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                        """)
                .bindMap(Rows.key(repository, subject))
                .map(
                        (rows, _) ->
                                new Tip(
                                        new CommitId(rows.getString(1)),
                                        rows.getString(2),
                                        Origin.valueOf(rows.getString(3).toUpperCase(Locale.ROOT)),
                                        rows.getString(4)))
                .findOne();
    }

    void record(Handle handle, Intake.Move move, Origin origin) {
        handle.createUpdate(
                        """
                        INSERT INTO tip (repository, kind, subject, target, commit_id, origin)
                        VALUES (:repository, :kind, :subject, :target, :commit, :origin)
                        ON CONFLICT (repository, kind, subject)
                        DO UPDATE SET target = excluded.target, commit_id = excluded.commit_id,
                            origin = excluded.origin, awaited = ''
                        """)
                .bind("origin", origin.key())
                .bindMap(Rows.keyWithTarget(move.repository(), move.subject()))
                .bind("commit", move.after().hex())
                .execute();
    }

    /// Records the commit of a doubtful webhook until the next sweep.
    void await(Handle handle, Intake.Move move) {
        handle.createUpdate(
                        """
                        UPDATE tip SET awaited = :commit
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                        """)
                .bind("commit", move.after().hex())
                .bindMap(Rows.key(move.repository(), move.subject()))
                .execute();
    }

    void reset(Handle handle, RepositoryId repository, Subject subject) {
        handle.createUpdate(
                        """
                        DELETE FROM tip
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                        """)
                .bindMap(Rows.key(repository, subject))
                .execute();
    }

    /// Removes a tip if it is `commit`.
    void forget(Handle handle, RepositoryId repository, Subject subject, CommitId commit) {
        if (find(handle, repository, subject).filter(t -> t.commit().equals(commit)).isPresent()) {
            reset(handle, repository, subject);
        }
    }

    /// The request for this move if it is known and has not happened again.
    Optional<RequestId> occurrence(
            Handle handle, Intake.Move move, String bodyHash, CommitId recorded) {
        return handle.createQuery(
                        """
                        SELECT request FROM occurrence
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                            AND target = :target AND before_commit = :before AND after_commit = :after
                            AND (body_hash = :hash OR :stale)
                        ORDER BY body_hash = :hash DESC LIMIT 1
                        """)
                .bindMap(Rows.keyWithTarget(move.repository(), move.subject()))
                .bind("before", move.before().hex())
                .bind("after", move.after().hex())
                .bind("hash", bodyHash)
                .bind("stale", !recorded.equals(move.before()))
                .map((rows, _) -> new RequestId(rows.getString(1)))
                .findOne();
    }

    /// The move from the same commit that a sweep found, if any; webhooks about commits in between
    /// are older.
    Optional<Seen> passedOver(Handle handle, Intake.Move move) {
        return handle.createQuery(
                        """
                        SELECT after_commit, request FROM occurrence
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                            AND target = :target AND before_commit = :before
                            AND body_hash LIKE 'seen %'
                        LIMIT 1
                        """)
                .bindMap(Rows.keyWithTarget(move.repository(), move.subject()))
                .bind("before", move.before().hex())
                .map(
                        (rows, _) ->
                                new Seen(
                                        new CommitId(rows.getString(1)),
                                        new RequestId(rows.getString(2))))
                .findOne();
    }

    void rememberSeen(Handle handle, Intake.Move move, RequestId request) {
        remember(handle, move, SEEN + request, request);
    }

    void remember(Handle handle, Intake.Move move, String bodyHash, RequestId request) {
        handle.createUpdate(
                        """
                        INSERT INTO occurrence (repository, kind, subject, target, before_commit,
                            after_commit, body_hash, request)
                        VALUES (:repository, :kind, :subject, :target, :before, :after, :hash, :request)
                        ON CONFLICT DO NOTHING
                        """)
                .bindMap(Rows.keyWithTarget(move.repository(), move.subject()))
                .bind("before", move.before().hex())
                .bind("after", move.after().hex())
                .bind("hash", bodyHash)
                .bind("request", request.text())
                .execute();
    }

    Optional<RequestId> newest(
            Handle handle, RepositoryId repository, Subject subject, CommitId commit) {
        return handle.createQuery(
                        """
                        SELECT id FROM request
                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                            AND commit_id = :commit
                        ORDER BY seq DESC LIMIT 1
                        """)
                .bindMap(Rows.key(repository, subject))
                .bind("commit", commit.hex())
                .map((rows, _) -> new RequestId(rows.getString(1)))
                .findOne();
    }
}
