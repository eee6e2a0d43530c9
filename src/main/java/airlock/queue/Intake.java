package airlock.queue;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.Kept;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.store.Database;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The door of the queue: keeps a verified delivery together with what it causes, in one
/// transaction, so that an answer given afterwards is never forgotten.
///
/// **One event, one request** (T5): the key is repository, subject, target, before and after. A
/// key that came before is new again only where the ref has really come back to `before` and the
/// bytes are others, so A→B→A→B is four events and a replay is none.
public final class Intake {
    private final Database database;
    private final Ledger ledger;
    private final Tips tips;
    private final Supersession supersession;

    public Intake(Database database, InstantSource clock, Listener<StateChange> listener) {
        this.database = database;
        this.ledger = new Ledger(clock, listener);
        this.tips = new Tips();
        this.supersession = new Supersession(ledger);
    }

    /// Keeps a delivery that means `event`.
    public Kept keep(Delivery delivery, ForgeEvent event, IntakePolicy policy) {
        return database.write(
                handle -> {
                    var earlier = Deliveries.find(handle, delivery);
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var contradiction = Deliveries.pin(handle, delivery, event.repository());
                    if (contradiction.isPresent()) {
                        return contradiction.get();
                    }
                    var kept = take(handle, event, policy, delivery.bodyHash());
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    /// Keeps a delivery about `repository` that asks for nothing.
    public Kept keepNothing(Delivery delivery, RepositoryId repository, String reason) {
        return keepNothing(delivery, Optional.of(repository), reason);
    }

    /// Keeps a delivery about no repository.
    public Kept keepNothing(Delivery delivery, String reason) {
        return keepNothing(delivery, Optional.empty(), reason);
    }

    private Kept keepNothing(Delivery delivery, Optional<RepositoryId> repository, String reason) {
        return database.write(
                handle -> {
                    var earlier =
                            Deliveries.find(handle, delivery)
                                    .or(
                                            () ->
                                                    repository.flatMap(
                                                            id ->
                                                                    Deliveries.pin(
                                                                            handle, delivery, id)));
                    if (earlier.isPresent()) {
                        return earlier.get();
                    }
                    var kept = new Kept.NothingToDo(reason);
                    Deliveries.add(handle, delivery, kept);
                    return kept;
                });
    }

    private Kept take(Handle handle, ForgeEvent event, IntakePolicy policy, String bodyHash) {
        return switch (event) {
            case ForgeEvent.Pushed e ->
                    advance(
                            handle,
                            new Move(
                                    e.repository(), e.branch(), e.before(), e.after(), e.summary()),
                            e.skipped()
                                    ? Optional.of("the commit's message asks to skip CI")
                                    : Optional.empty(),
                            policy,
                            bodyHash);
            case ForgeEvent.Tagged e ->
                    advance(
                            handle,
                            new Move(e.repository(), e.tag(), e.before(), e.after(), e.summary()),
                            Optional.empty(),
                            policy,
                            bodyHash);
            case ForgeEvent.ChangeOffered e -> {
                if (e.draft() && !policy.testsDrafts()) {
                    yield new Kept.NothingToDo(
                            "change request #" + e.change().number() + " is a draft");
                }
                yield advance(
                        handle,
                        new Move(e.repository(), e.change(), e.before(), e.head(), e.summary()),
                        e.skipped()
                                ? Optional.of("its title or commit asks to skip CI")
                                : Optional.empty(),
                        policy,
                        bodyHash);
            }
            case ForgeEvent.Deleted e -> forget(handle, e.repository(), e.ref(), "was deleted");
            case ForgeEvent.ChangeClosed e ->
                    forget(handle, e.repository(), e.change(), "was closed");
        };
    }

    private Kept advance(
            Handle handle, Move move, Optional<String> skip, IntakePolicy policy, String bodyHash) {
        var tip = tips.find(handle, move.repository(), move.subject());
        if (tip.isPresent() && tip.get().is(move.after(), move.subject().target())) {
            return tips.newest(handle, move.repository(), move.subject(), move.after())
                    .<Kept>map(Kept.Known::new)
                    .orElse(
                            new Kept.NothingToDo(
                                    move.subject().shortName() + " is known to be there"));
        }
        var recorded = tip.map(Tips.Tip::commit).orElse(CommitId.NONE);
        var exact = move.before().isNone() ? move.from(recorded) : move;
        var known = tips.occurrence(handle, exact, bodyHash, recorded);
        if (known.isPresent()) {
            return new Kept.Known(known.get());
        }
        tips.record(handle, exact);
        if (skip.isPresent()) {
            return new Kept.NothingToDo(skip.get());
        }
        // first, so that of one commit and context the newer state is told last
        supersession.byMove(handle, exact, policy.cancelsRunning());
        var request =
                ledger.addRequest(
                        handle,
                        new Ledger.NewRequest(
                                exact.repository(),
                                exact.subject(),
                                exact.before(),
                                exact.after(),
                                exact.summary(),
                                "webhook",
                                ""));
        tips.remember(handle, exact, bodyHash, request);
        return new Kept.Requested(request);
    }

    private Kept forget(Handle handle, RepositoryId repository, Subject subject, String what) {
        tips.reset(handle, repository, subject);
        int ended =
                supersession.byEnd(handle, repository, subject, subject.shortName() + " " + what);
        return new Kept.NothingToDo(
                subject.shortName()
                        + " "
                        + what
                        + (ended == 0 ? "" : "; " + ended + " waiting cancelled"));
    }

    /// A ref or change request that went from one commit to another.
    record Move(
            RepositoryId repository,
            Subject subject,
            CommitId before,
            CommitId after,
            CommitSummary summary) {
        Move from(CommitId other) {
            return new Move(repository, subject, other, after, summary);
        }
    }
}
