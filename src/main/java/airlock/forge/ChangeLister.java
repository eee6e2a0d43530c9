package airlock.forge;

import airlock.event.ForgeEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The change requests of one forge.
///
/// **Threads**: any. **Failures**: none, each is an answer. **Limits**: one call is one request,
/// two if a repository was renamed; half a minute and 8 MiB each. It follows no redirects and takes
/// no page addresses from answers.
public interface ChangeLister {
    /// Gets a page of the open ones: [ChangesAnswer.Page], [ChangesAnswer.Same] or a failure.
    ///
    /// @param page from 1
    /// @param etag of the last answer for this page, empty if there was none
    ChangesAnswer open(ForgeRepository repository, int page, String etag);

    /// Gets one: [ChangesAnswer.Open], [ChangesAnswer.Closed] or a failure.
    ChangesAnswer one(ForgeRepository repository, long number);

    /// Checks that the name still belongs to the repository: [ChangesAnswer.SameRepository] or a
    /// failure. An empty list does not show that.
    ChangesAnswer check(ForgeRepository repository);

    /// A forge's answer about its change requests.
    sealed interface ChangesAnswer
            permits ChangesAnswer.Page,
                    ChangesAnswer.Same,
                    ChangesAnswer.Open,
                    ChangesAnswer.Closed,
                    ChangesAnswer.SameRepository,
                    ApiFailure {
        /// One page of the open ones.
        ///
        /// @param open without `before`; drafts and forks as in webhooks
        /// @param more whether another page follows
        /// @param etag for the next request of this page, empty if the forge sent none
        /// @param restUntil if the rate limit is almost used up, when it is reset: the rest is for
        ///     statuses
        record Page(
                List<ForgeEvent.ChangeOffered> open,
                boolean more,
                String etag,
                Optional<Instant> restUntil)
                implements ChangesAnswer {
            public Page {
                open = List.copyOf(open);
            }
        }

        /// The page has not changed since its `etag`.
        record Same(Optional<Instant> restUntil) implements ChangesAnswer {}

        record Open(ForgeEvent.ChangeOffered change) implements ChangesAnswer {}

        /// The requested one is closed, merged or deleted.
        record Closed() implements ChangesAnswer {}

        /// The name still belongs to the repository.
        record SameRepository() implements ChangesAnswer {}
    }
}
