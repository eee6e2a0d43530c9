package airlock.vm;

import airlock.program.Program;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// A version of QEMU, compared number by number.
///
/// @param micro 0 if it is missing
public record QemuVersion(int major, int minor, int micro) implements Comparable<QemuVersion> {
    private static final String NUMBERS = "(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?";
    private static final Pattern WRITTEN = Pattern.compile("\\A" + NUMBERS + "\\z");
    private static final Pattern PRINTED =
            Pattern.compile("QEMU emulator version " + NUMBERS + "\\b");
    private static final Comparator<QemuVersion> ORDER =
            Comparator.comparingInt(QemuVersion::major)
                    .thenComparingInt(QemuVersion::minor)
                    .thenComparingInt(QemuVersion::micro);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// `10.0` or `10.0.13`; empty for anything else.
    public static Optional<QemuVersion> of(String text) {
        return found(WRITTEN, text);
    }

    /// From the first line of `qemu-system-x86_64 --version`.
    static Optional<QemuVersion> printed(String line) {
        return found(PRINTED, line);
    }

    /// The version of this machine's QEMU; empty if it is unknown.
    public static Optional<QemuVersion> installed() throws InterruptedException {
        var result = Program.run(List.of(QemuCommand.PROGRAM, "--version"), LIMIT);
        return result.passed() ? printed(result.output()) : Optional.empty();
    }

    private static Optional<QemuVersion> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .findFirst()
                .map(
                        match ->
                                new QemuVersion(
                                        Integer.parseInt(match.group(1)),
                                        Integer.parseInt(match.group(2)),
                                        Integer.parseInt(
                                                Objects.requireNonNullElse(match.group(3), "0"))));
    }

    @Override
    public int compareTo(QemuVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
