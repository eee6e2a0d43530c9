package airlock.queue;

import airlock.event.CommitId;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.ClaimedRequest.ChangeHeads;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.Intake.Move;
import airlock.queue.Ledger.RequestRow;
import airlock.store.Listener;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The consequences of events, in the caller's transaction (T5).
///
/// Webhooks arrive late, twice and out of order, and a sweep sees the current commits but not the
/// moves. So a webhook about a subject that a sweep saw last is new only if it continues from
/// there. If that is unclear, it causes nothing but a sweep.
final class Events {
    private static final String ASKED = " by what a sweep saw; the forge is asked again";

    private final Ledger ledger;
    private final RefTips tips = new RefTips();
    private final Supersession supersession;

    Events(InstantSource clock, Listener<StateChange> listener) {
        this.ledger = new Ledger(clock, listener);
        this.supersession = new Supersession(ledger);
    }

    sealed interface Witness {}

    record Told(String bodyHash) implements Witness {}

    record Saw() implements Witness {}

    DeliveryOutcome take(Handle handle, ForgeEvent event, IntakePolicy policy, Witness witness) {
        return switch (event) {
            case ForgeEvent.Pushed e ->
                    advance(
                            handle,
                            new Move(
                                    e.repository(), e.branch(), e.before(), e.after(), e.summary()),
                            skip(e.skipped(), "the commit's message asks to skip CI"),
                            policy,
                            witness);
            case ForgeEvent.Tagged e ->
                    advance(
                            handle,
                            new Move(e.repository(), e.tag(), e.before(), e.after(), e.summary()),
                            Optional.empty(),
                            policy,
                            witness);
            case ForgeEvent.ChangeOffered e -> offered(handle, e, policy, witness);
            case ForgeEvent.Deleted e ->
                    forget(handle, e.repository(), e.ref(), "was deleted", witness);
            case ForgeEvent.MergeGroupOffered e ->
                    advance(
                            handle,
                            new Move(
                                    e.repository(),
                                    e.group(),
                                    CommitId.NONE,
                                    e.head(),
                                    e.summary()),
                            Optional.empty(),
                            policy,
                            witness);
            case ForgeEvent.MergeGroupGone e ->
                    forget(handle, e.repository(), e.group(), leftQueue(e.reason()), witness);
            case ForgeEvent.ChangeClosed e ->
                    forget(handle, e.repository(), e.change(), "was closed", witness);
        };
    }

    private static String leftQueue(String reason) {
        return "left the merge queue" + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    private static Optional<String> skip(boolean skipped, String why) {
        return Optional.of(why).filter(_ -> skipped);
    }

    private DeliveryOutcome offered(
            Handle handle, ForgeEvent.ChangeOffered event, IntakePolicy policy, Witness witness) {
        ChangeHeads.record(handle, event);
        if (event.draft() && !policy.testsDrafts()) {
            return new DeliveryOutcome.NothingToDo(
                    "change request #" + event.change().number() + " is a draft");
        }
        return advance(
                handle,
                new Move(
                        event.repository(),
                        event.change(),
                        event.before(),
                        event.head(),
                        event.summary()),
                skip(event.skipped(), "its title or commit asks to skip CI"),
                policy,
                witness);
    }

    private DeliveryOutcome advance(
            Handle handle, Move move, Optional<String> skip, IntakePolicy policy, Witness witness) {
        var tip = tips.find(handle, move.repository(), move.subject());
        var recorded = tip.map(RefTips.Tip::commit).orElse(CommitId.NONE);
        return switch (witness) {
            case Saw _ -> {
                boolean told = tip.filter(t -> t.awaited().equals(move.after().hex())).isPresent();
                var origin = told ? RefTips.Origin.EVENT : RefTips.Origin.SWEEP;
                yield make(handle, move.from(recorded), skip, policy, witness, origin);
            }
            case Told(String hash) -> {
                boolean there = tip.isPresent() && isAt(tip.get(), move);
                // a baseline never hides an event whose webhook has yet to arrive
                var exact = move.before().isNone() && !there ? move.from(recorded) : move;
                var known =
                        (there
                                        ? standing(handle, move, tip.get())
                                        : Optional.<DeliveryOutcome>empty())
                                .or(
                                        () ->
                                                tips.occurrence(handle, exact, hash, recorded)
                                                        .map(DeliveryOutcome.Known::new))
                                .or(() -> overtaken(handle, move, exact, tip, hash));
                yield known.orElseGet(
                        () -> make(handle, exact, skip, policy, witness, RefTips.Origin.EVENT));
            }
        };
    }

    private static boolean isAt(RefTips.Tip tip, Move move) {
        return tip.is(move.after(), move.subject().target());
    }

    /// The answer if the subject is known to be at the end of `move`.
    private Optional<DeliveryOutcome> standing(Handle handle, Move move, RefTips.Tip tip) {
        var newest = tips.newest(handle, move.repository(), move.subject(), move.after());
        if (newest.isEmpty() && tip.origin() == RefTips.Origin.BASELINE) {
            return Optional.empty();
        }
        return Optional.of(
                newest.<DeliveryOutcome>map(DeliveryOutcome.Known::new)
                        .orElse(
                                new DeliveryOutcome.NothingToDo(
                                        move.subject().shortName() + " is known to be there")));
    }

    /// The answer if a sweep was faster than this webhook, or may have been.
    private Optional<DeliveryOutcome> overtaken(
            Handle handle, Move move, Move exact, Optional<RefTips.Tip> tip, String hash) {
        var recorded = tip.map(RefTips.Tip::commit).orElse(CommitId.NONE);
        if (!move.before().isNone()) {
            return move.before().equals(recorded)
                    ? Optional.empty()
                    : tips.passedOver(handle, move)
                            .map(seen -> older(handle, move, exact, hash, seen));
        }
        return tip.filter(t -> t.origin() == RefTips.Origin.SWEEP)
                .flatMap(t -> tips.newest(handle, move.repository(), move.subject(), t.commit()))
                .map(
                        request ->
                                older(
                                        handle,
                                        move,
                                        exact,
                                        hash,
                                        new RefTips.Seen(recorded, request)));
    }

    private DeliveryOutcome older(
            Handle handle, Move move, Move exact, String hash, RefTips.Seen seen) {
        tips.remember(handle, exact, hash, seen.request());
        // the next webhook of this sequence continues from here
        tips.rememberSeen(
                handle,
                new Move(
                        move.repository(),
                        move.subject(),
                        move.after(),
                        seen.after(),
                        move.summary()),
                seen.request());
        tips.await(handle, move);
        Sweeps.ask(handle, move.repository(), ledger.now(), Sweeps.AFTER_DOUBT);
        return new DeliveryOutcome.Known(seen.request());
    }

    private DeliveryOutcome make(
            Handle handle,
            Move move,
            Optional<String> skip,
            IntakePolicy policy,
            Witness witness,
            RefTips.Origin origin) {
        tips.record(handle, move, origin);
        if (skip.isPresent()) {
            return new DeliveryOutcome.NothingToDo(skip.get());
        }
        // first, so that the newer state of a commit and context is sent last
        supersession.byMove(handle, move, policy.cancelsRunning());
        var request =
                ledger.addRequest(
                        handle,
                        Ledger.NewRequest.of(move, witness instanceof Saw ? "sweep" : "webhook"));
        switch (witness) {
            case Told(String hash) -> tips.remember(handle, move, hash, request);
            case Saw _ -> tips.rememberSeen(handle, move, request);
        }
        return new DeliveryOutcome.Requested(request);
    }

    private DeliveryOutcome forget(
            Handle handle, RepositoryId repository, Subject subject, String what, Witness witness) {
        String name = subject.shortName();
        if (witness instanceof Told
                && tips.find(handle, repository, subject)
                        .filter(tip -> tip.origin() == RefTips.Origin.SWEEP)
                        .isPresent()) {
            Sweeps.ask(handle, repository, ledger.now(), Sweeps.AFTER_DOUBT);
            return new DeliveryOutcome.NothingToDo(
                    name + " " + what + ", which may be overtaken" + ASKED);
        }
        tips.reset(handle, repository, subject);
        int ended = supersession.byEnd(handle, repository, subject, name + " " + what);
        return new DeliveryOutcome.NothingToDo(
                name + " " + what + (ended == 0 ? "" : "; " + ended + " waiting cancelled"));
    }

    /// Ends older work on the same ref or change request. Waiting work ends at once; running work
    /// is asked to end if the policy says so, and always if its code is from outside.
    static final class Supersession {
        private final Ledger ledger;

        Supersession(Ledger ledger) {
            this.ledger = ledger;
        }

        /// Ends open work on the subject of `move`, just before its own request is created.
        void byMove(Handle handle, Intake.Move move, boolean cancelsRunning) {
            String reason = "superseded by " + move.after().abbreviated();
            for (var row : open(handle, move.repository(), move.subject())) {
                endWaiting(handle, row, Verdict.SUPERSEDED, reason);
            }
            askRunningToEnd(handle, move.repository(), move.subject(), cancelsRunning, reason);
        }

        /// Ends waiting work because the ref or change request is gone; returns the number of
        /// requests.
        int byEnd(Handle handle, RepositoryId repository, Subject subject, String reason) {
            var open = open(handle, repository, subject);
            for (var row : open) {
                endWaiting(handle, row, Verdict.CANCELLED, reason);
            }
            askRunningToEnd(handle, repository, subject, false, reason);
            return open.size();
        }

        /// A request that has not ended.
        ///
        /// @param planned whether it has runs
        private record Open(RequestRow row, boolean planned) {}

        private static List<Open> open(Handle handle, RepositoryId repository, Subject subject) {
            return handle.createQuery(
                            """
                            SELECT *, state = 'planned' AS planned FROM request
                            WHERE repository = :repository AND kind = :kind AND subject = :subject
                                AND state <> 'ended'
                            ORDER BY seq
                            """)
                    .bindMap(Rows.key(repository, subject))
                    .map(
                            (rows, context) ->
                                    new Open(
                                            RequestRow.MAPPER.map(rows, context),
                                            rows.getBoolean("planned")))
                    .list();
        }

        private void endWaiting(Handle handle, Open open, Verdict verdict, String reason) {
            if (!open.planned()) {
                ledger.endRequest(handle, open.row(), verdict, reason);
                return;
            }
            handle.createQuery(
                            "SELECT * FROM run WHERE request = :id AND state = 'queued' ORDER BY seq")
                    .bind("id", open.row().id().text())
                    .map(RunRow.MAPPER)
                    .list()
                    .forEach(run -> ledger.endReplaced(handle, run, verdict, reason));
        }

        private static void askRunningToEnd(
                Handle handle,
                RepositoryId repository,
                Subject subject,
                boolean all,
                String reason) {
            handle.createUpdate(
                            """
                            UPDATE run SET cancel = :reason
                            WHERE repository = :repository AND kind = :kind AND subject = :subject
                                AND state = 'claimed' AND cancel IS NULL AND (:all OR trust = :outside)
                            """)
                    .bind("reason", reason)
                    .bindMap(Rows.key(repository, subject))
                    .bind("all", all)
                    .bind("outside", TrustClass.OUTSIDE.key())
                    .execute();
        }
    }
}
