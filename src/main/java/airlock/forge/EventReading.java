package airlock.forge;

import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.text.SafeText;

/// The meaning of a delivery's body.
public sealed interface EventReading {
    /// A well-formed body.
    sealed interface Sound extends EventReading {}

    /// An event that Airlock acts on.
    ///
    /// @param defaultBranch the repository's, foreign text; empty if the body does not name it
    record Understood(ForgeEvent event, String defaultBranch) implements Sound {
        Understood(ForgeEvent event) {
            this(event, "");
        }
    }

    /// An event in the repository that needs no test.
    ///
    /// @param reason for people, such as "a comment is not tested"
    record NothingToDo(RepositoryId repository, String reason) implements Sound {}

    /// An event that is not about the hook's repository: an organisation's ping, a package, a new
    /// fork.
    ///
    /// @param reason for people
    record NoRepository(String reason) implements Sound {}

    /// A body that the forge would not send for such an event.
    ///
    /// @param why one line without control characters
    record Malformed(String why) implements EventReading {
        private static final int LONGEST = 300;

        public Malformed {
            why = SafeText.line(why, LONGEST);
        }
    }
}
