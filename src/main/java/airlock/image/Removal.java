package airlock.image;

import java.util.List;

/// The outcome of a removal.
public sealed interface Removal {
    /// The image is gone.
    ///
    /// @param bytes freed
    record Removed(long bytes) implements Removal {}

    /// The image stays, since it is in use.
    ///
    /// @param users at least one, for people
    record InUse(List<String> users) implements Removal {
        public InUse {
            users = List.copyOf(users);
        }
    }

    /// The image does not exist, or another process removed it.
    record Gone() implements Removal {}
}
