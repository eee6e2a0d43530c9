package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Intake.Move;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The queue for sweeps: reads the recorded tips and stores the differences. Events found by sweeps
/// are handled like those of webhooks, with the same key (T5), so neither repeats the other.
public final class Findings {
    private final Database database;
    private final Events events;
    private final TipTests tipTests;
    private final RefTips tips = new RefTips();

    public Findings(Database database, InstantSource clock, Listener<StateChange> listener) {
        this.database = database;
        this.events = new Events(clock, listener);
        this.tipTests = new TipTests(new Ledger(clock, listener));
    }

    /// The recorded branches and tags of `repository`, by full ref.
    public Map<String, KnownTip> refs(RepositoryId repository) {
        return recorded(repository, "kind <> 'change'");
    }

    /// The recorded open change requests of `repository`, by number.
    public Map<String, KnownTip> changes(RepositoryId repository) {
        return recorded(repository, "kind = 'change'");
    }

    private Map<String, KnownTip> recorded(RepositoryId repository, String which) {
        var found = new HashMap<String, KnownTip>();
        database.select(
                        (rows, _) ->
                                new KnownTip(
                                        Rows.subject(rows),
                                        new CommitId(rows.getString("commit_id"))),
                        "SELECT * FROM tip WHERE repository = ? AND " + which,
                        repository.toString())
                .forEach(tip -> found.put(tip.subject().key(), tip));
        return found;
    }

    /// Stores the consequences of `findings` in one transaction; returns how many requests they
    /// caused.
    public int keep(List<SweepFinding> findings, IntakePolicy policy) {
        return database.write(
                handle -> {
                    int requests = 0;
                    for (var finding : findings) {
                        var event = finding.event();
                        if (recorded(handle, event.repository(), subject(event))
                                .equals(finding.recorded())) {
                            var kept = events.take(handle, event, policy, new Events.Saw());
                            requests += kept instanceof DeliveryOutcome.Requested ? 1 : 0;
                        }
                    }
                    return requests;
                });
    }

    /// Requeues requests of `repository` that broke before they had a run, since its forge answers
    /// now, if they are still for the tip of their ref. Returns how many.
    ///
    /// @param mark of the address and credentials with which it answers
    public int retryBroken(RepositoryId repository, String mark) {
        return database.write(handle -> tipTests.retryBroken(handle, repository, mark));
    }

    /// Records tips without testing them, unless something is recorded for their subjects.
    public void keepBaseline(RepositoryId repository, List<KnownTip> there) {
        database.write(
                handle -> {
                    for (var tip : there) {
                        if (tips.find(handle, repository, tip.subject()).isEmpty()) {
                            tips.record(handle, move(repository, tip), RefTips.Origin.BASELINE);
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

    /// The last recorded commit of a ref or change request.
    ///
    /// @param subject a change request has the target that it had then
    public record KnownTip(Subject subject, CommitId commit) {}

    /// A difference between the forge and the record.
    ///
    /// @param recorded the record **before** the forge was asked; if it has changed since, a
    ///     webhook was faster and the finding is dropped
    /// @param event what must have happened; its `before` is ignored
    public record SweepFinding(Optional<KnownTip> recorded, ForgeEvent event) {}
}
