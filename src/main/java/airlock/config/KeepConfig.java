package airlock.config;

import java.time.Duration;

/// Which machines of failed phases stay for a person to look at.
///
/// @param most how many at once; 0 for none
/// @param time how long one stays
public record KeepConfig(int most, Duration time) {
    private static final Duration TIME = Duration.ofMinutes(30);

    /// None stays.
    public static KeepConfig standard() {
        return new KeepConfig(0, TIME);
    }
}
