package airlock.yaml;

import java.util.List;

/// What tests expect of a [Reading].
public final class ReadingFixture {
    private ReadingFixture() {}

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
