package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A fast test, so that renaming a method fails immediately.
final class CrashPointTest {
    @ParameterizedTest
    @EnumSource
    void theCodeStillHasThePlace(CrashPoint point) {
        assertThat(point.place())
                .as("the place of %s; see CrashPoint", point)
                .matches(Place::isThere, "is there");
    }

    @ParameterizedTest
    @EnumSource
    void everyPointBelongsToOnePartOfTheSoak(CrashPoint point) {
        for (int parts = 1; parts <= 6; parts++) {
            String of = "/" + parts;
            assertThat(IntStream.rangeClosed(1, parts).filter(n -> point.isOf(n + of)))
                    .as("the parts of %d that %s belongs to", parts, point)
                    .hasSize(1);
        }
    }
}
