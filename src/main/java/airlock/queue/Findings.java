package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.Kept;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.queue.Intake.Move;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The sweep's door of the queue: what was recorded, and what follows from what the forge shows
/// instead. Events made here go the way of those that webhooks tell, with the same key (T5), so
/// that neither can come after the other.
public final class Findings {
    private final Database database;
    private final Events events;
    private final TipTests tipTests;
    private final Tips tips = new Tips();

    public Findings(Database database, InstantSource clock, Listener<StateChange> listener) {
        this.database = database;
        this.events = new Events(clock, listener);
        this.tipTests = new TipTests(new Ledger(clock, listener));
    }

    /// What is recorded of the branches and tags of `repository`, by full ref.
    public Map<String, KnownTip> refs(RepositoryId repository) {
        return recorded(repository, "kind <> 'change'");
    }

    /// What is recorded of the open change requests of `repository`, by number.
    public Map<String, KnownTip> changes(RepositoryId repository) {
        return recorded(repository, "kind = 'change'");
    }

    private Map<String, KnownTip> recorded(RepositoryId repository, String which) {
        var known = new LinkedHashMap<String, KnownTip>();
        database.read(
                        handle ->
                                handle.createQuery(
                                                "SELECT * FROM tip WHERE repository = :repository"
                                                        + " AND "
                                                        + which)
                                        .bind("repository", repository.toString())
                                        .map(
                                                (rows, _) ->
                                                        new KnownTip(
                                                                Rows.subject(rows),
                                                                new CommitId(
                                                                        rows.getString(
                                                                                "commit_id"))))
                                        .list())
                .forEach(tip -> known.put(tip.subject().key(), tip));
        return known;
    }

    /// Keeps what follows from `findings`, in one transaction; returns how many requests that made.
    public int keep(List<Finding> findings, IntakePolicy policy) {
        return database.write(
                handle -> {
                    int requests = 0;
                    for (var finding : findings) {
                        var event = finding.event();
                        if (recorded(handle, event.repository(), subject(event))
                                .equals(finding.recorded())) {
                            var kept = events.take(handle, event, policy, new Events.Saw());
                            requests += kept instanceof Kept.Requested ? 1 : 0;
                        }
                    }
                    return requests;
                });
    }

    /// The forge answers: requests of `repository` that broke before they had a run are queued
    /// again, if they are still for the tip of their ref. Returns how many.
    ///
    /// @param mark of the address and credentials with which it answers
    public int retryBroken(RepositoryId repository, String mark) {
        return database.write(handle -> tipTests.retryBroken(handle, repository, mark));
    }

    /// Records that the subjects are where they are, unless something is recorded of them; nothing
    /// is tested for that.
    public void keepBaseline(RepositoryId repository, List<KnownTip> there) {
        database.write(
                handle -> {
                    for (var tip : there) {
                        if (tips.find(handle, repository, tip.subject()).isEmpty()) {
                            tips.record(handle, move(repository, tip), Tips.Origin.BASELINE);
                        }
                    }
                    return there.size();
                });
    }

    private static Move move(RepositoryId repository, KnownTip tip) {
        return new Move(repository, tip.subject(), CommitId.NONE, tip.commit(), CommitSummary.NONE);
    }

    private Optional<KnownTip> recorded(Handle handle, RepositoryId repository, Subject subject) {
        return tips.find(handle, repository, subject)
                .map(
                        tip ->
                                new KnownTip(
                                        Subject.of(subject.kind(), subject.key(), tip.target()),
                                        tip.commit()));
    }

    private static Subject subject(ForgeEvent event) {
        return switch (event) {
            case ForgeEvent.Pushed e -> e.branch();
            case ForgeEvent.Tagged e -> e.tag();
            case ForgeEvent.Deleted e -> e.ref();
            case ForgeEvent.ChangeOffered e -> e.change();
            case ForgeEvent.MergeGroupOffered e -> e.group();
            case ForgeEvent.MergeGroupGone e -> e.group();
            case ForgeEvent.ChangeClosed e -> e.change();
        };
    }
}
