package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/// Expectations of tests about a [Reading].
public final class ReadingFixture {
    private ReadingFixture() {}

    /// The text of the only element.
    public static String only(List<?> list) {
        assertThat(list).hasSize(1);
        return list.getFirst().toString();
    }

    /// The value that there must be.
    public static <T> T value(Reading<T> reading) {
        return switch (reading) {
            case Reading.Read<T> read -> read.value();
            case Reading.Invalid<T> invalid -> throw new AssertionError(invalid.problems());
        };
    }

    /// The problems that there must be.
    public static <T> List<Problem> problems(Reading<T> reading) {
        return switch (reading) {
            case Reading.Read<T> read -> throw new AssertionError(read.value());
            case Reading.Invalid<T> invalid -> invalid.problems();
        };
    }
}
