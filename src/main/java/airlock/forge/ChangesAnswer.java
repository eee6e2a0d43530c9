package airlock.forge;

import airlock.event.ForgeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a forge says of its change requests.
public sealed interface ChangesAnswer {
    /// One page of the open ones.
    ///
    /// @param open without `before`; what is drafts and forks is told as webhooks tell it
    /// @param more whether a page follows
    /// @param etag to ask again with, empty where the forge gave none
    /// @param unreadable how many are left out because they are not what a forge says of one
    /// @param restUntil given where little is left of the allowance: the rest is for statuses
    record Page(
            List<ForgeEvent.ChangeOffered> open,
            boolean more,
            String etag,
            int unreadable,
            Optional<Instant> restUntil)
            implements ChangesAnswer {
        public Page {
            open = List.copyOf(open);
        }
    }

    /// The page is as it was when its `etag` was given.
    record Same(Optional<Instant> restUntil) implements ChangesAnswer {}

    /// The one that was asked for is open.
    record Open(ForgeEvent.ChangeOffered change) implements ChangesAnswer {}

    /// The one that was asked for is closed, merged or gone.
    record Closed() implements ChangesAnswer {}

    /// The name that was asked for is the repository's.
    record SameRepository() implements ChangesAnswer {}

    /// The repository has another name now; to be asked again under it.
    ///
    /// @param fullName `owner/name`
    record Renamed(String fullName) implements ChangesAnswer {}

    /// Can't be told now.
    ///
    /// @param after how long the forge asked to wait; zero where it did not say
    record Retry(Duration after, String reason) implements ChangesAnswer {}

    /// Can't be told at all, until somebody does something about it.
    record GaveUp(String reason) implements ChangesAnswer {}
}
