package airlock.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/// What is kept, in all and of repositories that say nothing else.
///
/// @param each for repositories that set nothing of their own, and those no longer configured
/// @param totals above so many bytes of all repositories the oldest goes; one for each shelf
/// @param reserve while fewer bytes are free for the state, nothing new is begun and caches go
/// @param every how often the janitor looks
public record Housekeeping(Retention each, Map<Shelf, Long> totals, long reserve, Duration every) {
    public Housekeeping {
        totals = Collections.unmodifiableMap(new EnumMap<>(totals));
    }

    /// That of a configuration that says nothing.
    public static Housekeeping standard() {
        return RetentionSection.STANDARD;
    }

    /// How many bytes of all repositories `shelf` may hold.
    public long total(Shelf shelf) {
        return Retention.found(totals, shelf);
    }
}
