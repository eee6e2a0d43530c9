package airlock.config;

import java.time.Duration;

/// What is kept, in all and of repositories that set nothing else.
///
/// @param each for repositories that set nothing of their own, and those no longer configured
/// @param reserve while fewer bytes are free for the state, nothing new is begun and caches go
/// @param every how often the janitor looks
public record Housekeeping(Retention each, long reserve, Duration every) {
    /// That of a configuration that sets nothing.
    public static final Housekeeping STANDARD = RetentionSection.ofAll().ofNothing();

    /// How many bytes of all repositories `shelf` may hold.
    public long total(Shelf shelf) {
        return each.of(shelf).total();
    }
}
