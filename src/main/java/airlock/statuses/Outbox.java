package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.forge.StatusPoster.CommitState;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.statuses.StatusViews.OutboxRow;
import airlock.statuses.StatusViews.OutboxRow.Outcome;
import airlock.store.Database;
import airlock.store.Listener;
import airlock.store.Signal;
import airlock.text.SafeText;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Stores commit statuses in the transaction of the state change; [StatusSender] sends them.
public final class Outbox implements Listener<StateChange>, StatusViews {
    private static final String GIVEN_BACK =
            "the context keeps the verdict that another request of this commit had";

    private static final int MOST_SHOWN = 1_000;

    /// How long a status that was given up is counted.
    private static final Duration LATELY = Duration.ofDays(1);

    private static final String PAUSED =
            OpenRows.OPEN
                    + " AND (not_before = "
                    + StatusPauses.HELD
                    + " OR forge IN (SELECT forge FROM status_pause WHERE repository = ''))";

    private final Database database;
    private final InstantSource clock;
    private final URI baseUrl;
    private final Signal signal = new Signal();

    /// @param baseUrl where people reach Airlock, without a trailing slash; statuses link to
    ///     `/requests/ID` below it
    public Outbox(Database database, InstantSource clock, URI baseUrl) {
        this.database = database;
        this.clock = clock;
        this.baseUrl = baseUrl;
    }

    @Override
    public void changed(Handle handle, StateChange change) {
        var ownership = Ownership.of(handle, change);
        var text = StatusText.of(change.state());
        var objection = ownership.objection(change.request(), change.trust());
        var before =
                objection.isEmpty() && endsWithoutVerdict(change.state())
                        ? ownership.verdictBefore(change.request(), change.trust())
                        : Optional.<Ownership.Word>empty();
        var own =
                new Ownership.Word(
                        change.request().text(),
                        change.trust(),
                        text.state().word(),
                        text.description(),
                        objection.isEmpty(),
                        0);
        long notBefore = ownership.notBefore();
        var withheld = before.map(_ -> GIVEN_BACK).or(() -> objection);
        add(handle, change, own, notBefore, withheld.orElse(""));
        before.ifPresent(word -> add(handle, change, word, notBefore, ""));
        if (objection.isEmpty()) {
            signal.raise();
        }
    }

    private static boolean endsWithoutVerdict(State state) {
        return switch (state) {
            case State.Queued _, State.Running _ -> false;
            case State.Ended ended ->
                    switch (ended.verdict()) {
                        case SUPERSEDED, CANCELLED -> true;
                        case PASSED, FAILED, TIMED_OUT, INVALID_PLAN, BROKE -> false;
                    };
        };
    }

    /// @param objection why it is not sent; empty if it is
    private void add(
            Handle handle,
            StateChange change,
            Ownership.Word line,
            long notBefore,
            String objection) {
        handle.createUpdate(
                        """
                        INSERT INTO status_outbox (forge, repository, commit_id, context, request,
                            trust, state, description, target, outcome, detail, created_at,
                            changed_at, not_before)
                        VALUES (:forge, :repository, :commit, :context, :request,
                            :trust, :state, :description, :target, :outcome, :detail, :now, :now,
                            CASE WHEN EXISTS (SELECT 1 FROM status_pause p
                                WHERE p.forge = :forge AND p.repository = :repository)
                            THEN :held ELSE :notBefore END)
                        """)
                .bind("forge", change.repository().forge())
                .bind("repository", change.repository().toString())
                .bind("commit", change.commit().hex())
                .bind("context", change.context())
                .bind("request", line.request())
                .bind("trust", change.trust().key())
                .bind("state", line.state())
                .bind("description", line.description())
                .bind("target", baseUrl + "/requests/" + line.request())
                .bind("outcome", objection.isEmpty() ? "waiting" : "withheld")
                .bind("detail", objection)
                .bind("now", clock.instant().toEpochMilli())
                .bind("notBefore", notBefore)
                .bind("held", StatusPauses.HELD)
                .execute();
    }

    @Override
    public List<OutboxRow> of(RequestId request) {
        return database.readPage(
                handle -> {
                    Map<String, String> held = new HashMap<>();
                    return handle.createQuery(
                                    "SELECT * FROM status_outbox WHERE request = :id"
                                            + " ORDER BY seq DESC LIMIT :most")
                            .bind("id", request.text())
                            .bind("most", MOST_SHOWN)
                            .map(
                                    (rows, _) ->
                                            row(
                                                    rows,
                                                    held.computeIfAbsent(
                                                            rows.getString("repository"),
                                                            id -> heldBecause(handle, id))))
                            .list()
                            .reversed();
                });
    }

    private static String heldBecause(Handle handle, String repository) {
        return StatusPauses.holding(handle, RepositoryId.parse(repository))
                .map(pause -> pause.reason() + ": " + pause.cure())
                .orElse("");
    }

    @Override
    public List<StatusPause> paused() {
        return pauses().all();
    }

    public StatusPauses pauses() {
        return new StatusPauses(database, clock, signal);
    }

    /// Counts the statuses that have not arrived, from the indexes of open rows.
    public Undelivered undelivered() {
        return database.read(
                handle -> {
                    long open = count(handle, OpenRows.OPEN);
                    long paused = StatusPauses.all(handle).isEmpty() ? 0 : count(handle, PAUSED);
                    return new Undelivered(
                            open - paused,
                            paused,
                            count(
                                    handle,
                                    "outcome = 'given_up' AND changed_at > "
                                            + clock.instant().minus(LATELY).toEpochMilli()));
                });
    }

    /// The numbers of statuses that have not arrived.
    ///
    /// @param waiting to be sent, being sent or in doubt
    /// @param paused because the forge refuses the token or the repository
    /// @param givenUp in the last day
    public record Undelivered(long waiting, long paused, long givenUp) {}

    private static long count(Handle handle, String where) {
        return handle.createQuery("SELECT COUNT(*) FROM status_outbox WHERE " + where)
                .mapTo(Long.class)
                .one();
    }

    /// @param held why no status of its repository is sent; empty if not paused
    private static OutboxRow row(ResultSet rows, String held) throws SQLException {
        var outcome = outcome(rows.getString("outcome"));
        boolean isHeld = outcome == Outcome.WAITING && !held.isEmpty();
        return new OutboxRow(
                new CommitId(rows.getString("commit_id")),
                rows.getString("context"),
                CommitState.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
                rows.getString("description"),
                outcome,
                isHeld ? held : rows.getString("detail"),
                Instant.ofEpochMilli(rows.getLong("changed_at")));
    }

    private static Outcome outcome(String stored) {
        return switch (stored) {
            case "waiting" -> Outcome.WAITING;
            case "sending", "unknown" -> Outcome.UNDER_WAY;
            case "sent" -> Outcome.SENT;
            case "given_up" -> Outcome.GIVEN_UP;
            case "withheld" -> Outcome.WITHHELD;
            default -> throw new IllegalStateException("status_outbox.outcome is '" + stored + "'");
        };
    }

    Signal signal() {
        return signal;
    }

    /// The commit status for a state (T4). Not used: Gitea's `warning` and `skipped`, which count
    /// as success.
    ///
    /// @param description one line for people, at most [#LONGEST] code points; the forge's client
    ///     may cut it further
    record StatusText(CommitState state, String description) {
        static final int LONGEST = 500;

        StatusText {
            description = SafeText.line(description, LONGEST);
        }

        static StatusText of(State state) {
            return switch (state) {
                case State.Queued _ -> new StatusText(CommitState.PENDING, "waiting for its turn");
                case State.Running _ -> new StatusText(CommitState.PENDING, "running");
                case State.Ended(Verdict verdict, String reason) ->
                        new StatusText(of(verdict), text(verdict, reason.strip()));
            };
        }

        private static CommitState of(Verdict verdict) {
            return switch (verdict) {
                case PASSED -> CommitState.SUCCESS;
                case FAILED, TIMED_OUT, INVALID_PLAN -> CommitState.FAILURE;
                case BROKE, CANCELLED, SUPERSEDED -> CommitState.ERROR;
            };
        }

        /// Begins with the verdict's word, unless the reason begins or ends with it.
        private static String text(Verdict verdict, String reason) {
            if (reason.isEmpty()) {
                return verdict.word();
            }
            boolean said =
                    reason.startsWith(verdict.word()) || reason.endsWith(" " + verdict.word());
            return said ? reason : verdict.word() + ": " + reason;
        }
    }

    /// Decides which request may set a commit's context if several share it (T4): the one of the
    /// highest trust. Among equals, an older request is silent once a newer one has a verdict, so
    /// that no late "superseded" overwrites it, unless the newer one ended in an error. If a
    /// request ends without a verdict (superseded or cancelled), the context gets back the verdict
    /// it had before.
    private record Ownership(List<Word> spoken) {
        static Ownership of(Handle handle, StateChange change) {
            return new Ownership(
                    handle.createQuery(
                                    """
                                    SELECT request, trust, state, description,
                                        outcome <> 'given_up' AND outcome <> 'withheld' AS heard,
                                        CASE WHEN outcome IN ('waiting', 'sending', 'unknown')
                                            THEN not_before ELSE 0 END AS not_before
                                    FROM status_outbox
                                    WHERE repository = :repository AND commit_id = :commit
                                        AND context = :context
                                    ORDER BY seq
                                    """)
                            .bind("repository", change.repository().toString())
                            .bind("commit", change.commit().hex())
                            .bind("context", change.context())
                            .map(
                                    (rows, _) ->
                                            new Word(
                                                    rows.getString("request"),
                                                    TrustClass.of(rows.getString("trust")),
                                                    rows.getString("state"),
                                                    rows.getString("description"),
                                                    rows.getBoolean("heard"),
                                                    rows.getLong("not_before")))
                            .list());
        }

        /// Why `request` may not set the context; empty if it may.
        Optional<String> objection(RequestId request, TrustClass trust) {
            if (spoken.stream().anyMatch(word -> word.trust().compareTo(trust) > 0)) {
                return Optional.of("a run of higher trust owns this context");
            }
            return hasNewerVerdict(request.text(), trust)
                    ? Optional.of("a newer request has decided this context")
                    : Optional.empty();
        }

        private boolean hasNewerVerdict(String request, TrustClass trust) {
            Map<String, Integer> order = new HashMap<>();
            Set<String> decided = new HashSet<>();
            for (Word word : spoken) {
                order.putIfAbsent(word.request(), order.size());
                if (word.trust() == trust) {
                    if (word.isVerdict()) {
                        decided.add(word.request());
                    } else {
                        decided.remove(word.request());
                    }
                }
            }
            int mine = order.getOrDefault(request, Integer.MAX_VALUE);
            return decided.stream().anyMatch(other -> order.getOrDefault(other, 0) > mine);
        }

        /// Until when the open statuses of the context wait, and so all that follow; 0 if none
        /// waits.
        long notBefore() {
            return spoken.stream().mapToLong(Word::notBefore).max().orElse(0);
        }

        /// The verdict that the context had before `request`: the last one of another request in
        /// the same class.
        Optional<Word> verdictBefore(RequestId request, TrustClass trust) {
            return spoken.reversed().stream()
                    .filter(word -> !word.request().equals(request.text()))
                    .filter(word -> word.trust() == trust && word.heard())
                    .findFirst()
                    .filter(Word::isVerdict);
        }

        /// A status of the context.
        ///
        /// @param heard whether the forge has it or will
        record Word(
                String request,
                TrustClass trust,
                String state,
                String description,
                boolean heard,
                long notBefore) {
            boolean isVerdict() {
                return state.equals("success") || state.equals("failure");
            }
        }
    }
}
