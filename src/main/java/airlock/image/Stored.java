package airlock.image;

import java.time.Instant;

/// What lies in a store under a name of its own.
public sealed interface Stored {
    /// The directory's name, `NAME-KEY`.
    String name();

    /// When it was last of use.
    Instant used();

    /// An image.
    ///
    /// @param bytes what its files take
    record Whole(String name, Image image, Facts facts, long bytes, Instant used)
            implements Stored {}

    /// What was an image, or never became one.
    ///
    /// @param why what is wrong, for people
    record Damaged(String name, Instant used, String why) implements Stored {}
}
