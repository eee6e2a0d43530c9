package airlock.forge;

import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.text.SafeText;

/// What the body of a delivery says.
public sealed interface EventReading {
    /// A body that could be read, whatever follows from it.
    sealed interface Sound extends EventReading {}

    /// Something happened that Airlock acts upon.
    ///
    /// @param defaultBranch the repository's, foreign text; empty if the body does not say
    record Understood(ForgeEvent event, String defaultBranch) implements Sound {
        Understood(ForgeEvent event) {
            this(event, "");
        }
    }

    /// Something happened in the repository that asks for no test.
    ///
    /// @param reason for people, such as "a comment is not tested"
    record NothingToDo(RepositoryId repository, String reason) implements Sound {}

    /// It is about no repository that the hook could stand for: an organisation's ping, a package,
    /// the news that somebody has a fork.
    ///
    /// @param reason for people
    record NoRepository(String reason) implements Sound {}

    /// Not what the forge sends for such an event.
    ///
    /// @param why what is wrong, in one line without control characters
    record Malformed(String why) implements EventReading {
        private static final int LONGEST = 300;

        public Malformed {
            why = SafeText.line(why, LONGEST);
        }
    }
}
