package airlock.statuses;

import airlock.event.RepositoryId;
import airlock.forge.ApiFailure;
import airlock.forge.ForgeRepository;
import airlock.forge.LatestAnswer;
import airlock.forge.PostAnswer;
import airlock.forge.StatusPoster;
import airlock.statuses.OpenRows.OpenRow;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Posts single statuses to one forge. Remembers new names of repositories until the server stops.
final class StatusAttempts {
    private static final int MOST_NAMES = 3;

    private final StatusPoster poster;
    private final Function<RepositoryId, Optional<ForgeRepository>> names;
    private final Map<RepositoryId, String> renamed = new ConcurrentHashMap<>();

    StatusAttempts(StatusPoster poster, Function<RepositoryId, Optional<ForgeRepository>> names) {
        this.poster = poster;
        this.names = names;
    }

    sealed interface Result {
        /// The forge has the status.
        ///
        /// @param repeated it was posted a second time, because the forge did not show the first
        record Sent(boolean repeated) implements Result {}

        /// The forge does not have it and may accept it later.
        ///
        /// @param after how long the forge asked to wait; zero if it named no time
        /// @param mayBePermanent try a few times only
        /// @param asksFirst an earlier attempt may have arrived
        record Later(Duration after, String reason, boolean mayBePermanent, boolean asksFirst)
                implements Result {}

        /// The forge refuses the token, or the repository to the token.
        ///
        /// @param asksFirst an earlier attempt may have arrived
        record Refused(ApiFailure.Refused answer, boolean asksFirst) implements Result {}

        /// The forge will never accept it.
        ///
        /// @param answered the forge said so, which means that it accepts others
        record GivenUp(String reason, boolean answered) implements Result {}

        /// The repository was renamed; only [#once] returns it.
        record Renamed(String fullName) implements Result {}
    }

    String credential() {
        return poster.credential();
    }

    Result of(OpenRow row) {
        var configured = names.apply(row.repository());
        if (configured.isEmpty()) {
            return new Result.GivenUp("the repository is not in the configuration any more", false);
        }
        for (int i = 0; i < MOST_NAMES; i++) {
            String name = renamed.getOrDefault(row.repository(), configured.get().fullName());
            var result = once(row, new ForgeRepository(row.repository(), name));
            if (!(result instanceof Result.Renamed(String other))) {
                return result;
            }
            renamed.put(row.repository(), other);
        }
        return new Result.Later(
                Duration.ZERO,
                "the forge gave a new name for the repository " + MOST_NAMES + " times",
                true,
                row.asksFirst());
    }

    private Result once(OpenRow row, ForgeRepository repository) {
        var status = row.status();
        if (!row.asksFirst()) {
            return post(row, repository, false);
        }
        return switch (poster.latest(repository, status.commit(), status.context())) {
            case LatestAnswer.Found found when poster.shows(found, status) ->
                    new Result.Sent(false);
            // if the forge does not say, twice is better than never
            case LatestAnswer.Found _,
                    LatestAnswer.None _,
                    ApiFailure.GaveUp _,
                    ApiFailure.Refused _ ->
                    post(row, repository, true);
            case ApiFailure.Retry(Duration after, String reason, _) ->
                    new Result.Later(after, reason, false, true);
            case ApiFailure.Renamed(String name) -> new Result.Renamed(name);
        };
    }

    private Result post(OpenRow row, ForgeRepository repository, boolean again) {
        return switch (poster.post(repository, row.status())) {
            case PostAnswer.Posted _ -> new Result.Sent(again);
            case ApiFailure.Retry(Duration after, String reason, boolean mayBePermanent) ->
                    new Result.Later(after, reason, mayBePermanent, again);
            case ApiFailure.Refused refused -> new Result.Refused(refused, again);
            case ApiFailure.GaveUp(String reason) -> new Result.GivenUp(reason, true);
            case ApiFailure.Renamed(String name) -> new Result.Renamed(name);
            case PostAnswer.Unknown(String reason) ->
                    new Result.Later(Duration.ZERO, reason, false, true);
        };
    }
}
