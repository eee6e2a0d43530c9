package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Fast, so that a renamed method is found when it is renamed.
final class CrashPointTest {
    @ParameterizedTest
    @EnumSource
    void theCodeStillHasThePlace(CrashPoint point) {
        assertThat(point.place())
                .as("the place of %s; see CrashPoint", point)
                .matches(Place::isThere, "is there");
    }
}
