package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ForgeRepository;
import airlock.forge.LatestAnswer;
import airlock.forge.PostAnswer;
import airlock.forge.StatusPoster;
import airlock.forge.StatusUpdate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells one forge one status, and says what came of it. A new name of a repository is remembered
/// until the server stops.
final class Attempts {
    private static final int MOST_NAMES = 3;

    private final StatusPoster poster;
    private final RepositoryNames names;
    private final Map<RepositoryId, String> renamed = new ConcurrentHashMap<>();

    Attempts(StatusPoster poster, RepositoryNames names) {
        this.poster = poster;
        this.names = names;
    }

    /// A mark of the token in force.
    String credential() {
        return poster.credential();
    }

    Attempt of(OpenRow row) {
        var configured = names.of(row.repository());
        if (configured.isEmpty()) {
            return new Attempt.GivenUp(
                    "the repository is not in the configuration any more", false);
        }
        for (int i = 0; i < MOST_NAMES; i++) {
            String name = renamed.getOrDefault(row.repository(), configured.get().fullName());
            switch (once(row, new ForgeRepository(row.repository(), name))) {
                case Answer.Is(Attempt attempt) -> {
                    return attempt;
                }
                case Answer.Renamed(String other) -> renamed.put(row.repository(), other);
            }
        }
        return new Attempt.Later(
                Duration.ZERO,
                "the forge gave a new name for the repository " + MOST_NAMES + " times",
                true,
                row.asksFirst());
    }

    private Answer once(OpenRow row, ForgeRepository repository) {
        var update =
                new StatusUpdate(
                        repository,
                        row.commit(),
                        row.state(),
                        row.context(),
                        row.description(),
                        row.target());
        if (!row.asksFirst()) {
            return post(update, false);
        }
        return switch (poster.latest(repository, row.commit(), row.context())) {
            case LatestAnswer.Found found when poster.shows(found, update) ->
                    new Answer.Is(new Attempt.Sent(false));
            // where the forge can't be asked, twice is better than never
            case LatestAnswer.Found _, LatestAnswer.None _, LatestAnswer.GaveUp _ ->
                    post(update, true);
            case LatestAnswer.Retry(Duration after, String reason) ->
                    new Answer.Is(new Attempt.Later(after, reason, false, true));
            case LatestAnswer.Renamed(String name) -> new Answer.Renamed(name);
        };
    }

    private Answer post(StatusUpdate update, boolean again) {
        return switch (poster.post(update)) {
            case PostAnswer.Posted _ -> new Answer.Is(new Attempt.Sent(again));
            case PostAnswer.Retry(Duration after, String reason, boolean mayBePermanent) ->
                    new Answer.Is(new Attempt.Later(after, reason, mayBePermanent, again));
            case PostAnswer.Refused refused -> new Answer.Is(new Attempt.Refused(refused, again));
            case PostAnswer.GaveUp(String reason) ->
                    new Answer.Is(new Attempt.GivenUp(reason, true));
            case PostAnswer.Renamed(String name) -> new Answer.Renamed(name);
            case PostAnswer.Unknown(String reason) ->
                    new Answer.Is(new Attempt.Later(Duration.ZERO, reason, false, true));
        };
    }

    private sealed interface Answer {
        record Is(Attempt attempt) implements Answer {}

        record Renamed(String fullName) implements Answer {}
    }
}
