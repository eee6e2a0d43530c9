package airlock.statuses;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.TrustClass;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Decides which request may set a commit's context if several share it (T4): the one of the
/// highest trust. Among equals, an older request is silent once a newer one has a verdict, so that
/// no late "superseded" overwrites it, unless the newer one ended in an error. If a request ends
/// without a verdict (superseded or cancelled), the context gets back the verdict it had before.
final class Ownership {
    private static final Set<String> OPEN = Set.of("waiting", "sending", "unknown");
    private static final Set<String> HEARD = Set.of("waiting", "sending", "unknown", "sent");
    private static final Set<String> VERDICTS = Set.of("success", "failure");

    private final List<Word> spoken;

    private Ownership(List<Word> spoken) {
        this.spoken = spoken;
    }

    static Ownership of(Handle handle, RepositoryId repository, CommitId commit, String context) {
        return new Ownership(
                handle.createQuery(
                                """
                                SELECT request, trust, state, description, outcome, not_before
                                FROM status_outbox
                                WHERE repository = :repository AND commit_id = :commit
                                    AND context = :context
                                ORDER BY seq
                                """)
                        .bind("repository", repository.toString())
                        .bind("commit", commit.hex())
                        .bind("context", context)
                        .map(
                                (rows, _) ->
                                        new Word(
                                                rows.getString("request"),
                                                TrustClass.of(rows.getString("trust")),
                                                rows.getString("state"),
                                                rows.getString("description"),
                                                HEARD.contains(rows.getString("outcome")),
                                                OPEN.contains(rows.getString("outcome"))
                                                        ? rows.getLong("not_before")
                                                        : 0))
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
                switch (word.state()) {
                    case "success", "failure" -> decided.add(word.request());
                    default -> decided.remove(word.request());
                }
            }
        }
        int mine = order.getOrDefault(request, Integer.MAX_VALUE);
        return decided.stream().anyMatch(other -> order.getOrDefault(other, 0) > mine);
    }

    /// Until when the open statuses of the context wait, and so all that follow; 0 if none waits.
    long notBefore() {
        return spoken.stream().mapToLong(Word::notBefore).max().orElse(0);
    }

    /// The verdict that the context had before `request`: the last one of another request in the
    /// same class.
    Optional<Word> verdictBefore(RequestId request, TrustClass trust) {
        return spoken.reversed().stream()
                .filter(word -> !word.request().equals(request.text()))
                .filter(word -> word.trust() == trust && word.heard())
                .findFirst()
                .filter(word -> VERDICTS.contains(word.state()));
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
            long notBefore) {}
}
