package airlock.image;

import java.util.List;

/// How a removal ended.
public sealed interface Removal {
    /// The image is gone.
    ///
    /// @param bytes what its files took
    record Removed(long bytes) implements Removal {}

    /// The image stays.
    ///
    /// @param users at least one, for people
    record InUse(List<String> users) implements Removal {
        public InUse {
            users = List.copyOf(users);
        }
    }

    /// Somebody else has removed it.
    record Gone() implements Removal {}
}
