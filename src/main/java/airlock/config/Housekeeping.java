package airlock.config;

import java.time.Duration;

/// Retention for the whole server.
///
/// @param each for repositories without their own, and those no longer configured
/// @param reserve with less free space for the state, no run starts and caches are removed
/// @param every the interval of the janitor
public record Housekeeping(Retention each, long reserve, Duration every) {
    public static final Housekeeping STANDARD = RetentionSection.ofAll().ofNothing();

    /// The quota of `kind` for all repositories together, in bytes.
    public long total(RetainedKind kind) {
        return each.of(kind).total();
    }
}
