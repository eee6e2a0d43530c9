package airlock.image;

import java.time.Instant;

/// An entry of an image store.
public sealed interface Stored {
    /// The directory's name, `NAME-KEY`.
    String name();

    /// When it was last used.
    Instant used();

    /// An image.
    ///
    /// @param bytes the size of its files
    record Whole(String name, Image image, Facts facts, long bytes, Instant used)
            implements Stored {}

    /// A damaged or incomplete image.
    ///
    /// @param why what is wrong, for people
    record Damaged(String name, Instant used, String why) implements Stored {}
}
