package airlock.vm;

import airlock.program.Program;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A version of QEMU, compared number by number.
///
/// @param micro 0 if it is missing
public record QemuVersion(int major, int minor, int micro) implements Comparable<QemuVersion> {
    private static final String NUMBERS = "(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?";
    private static final Pattern WRITTEN = Pattern.compile(NUMBERS);
    private static final Pattern TOLD = Pattern.compile("QEMU emulator version " + NUMBERS + "\\b");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /// `10.0` or `10.0.13`; empty for anything else.
    public static Optional<QemuVersion> of(String text) {
        return first(WRITTEN.matcher(text).results().filter(m -> m.group().equals(text)).toList());
    }

    /// From the first line of `qemu-system-x86_64 --version`.
    static Optional<QemuVersion> told(String line) {
        return first(TOLD.matcher(line).results().toList());
    }

    /// That of this machine's QEMU; empty if it is unknown.
    public static Optional<QemuVersion> installed() throws InterruptedException {
        var result = Program.run(List.of(QemuCommand.PROGRAM, "--version"), LIMIT);
        return result.passed() ? told(result.output()) : Optional.empty();
    }

    private static Optional<QemuVersion> first(List<MatchResult> matches) {
        return matches.stream()
                .findFirst()
                .map(
                        match ->
                                new QemuVersion(
                                        Integer.parseInt(match.group(1)),
                                        Integer.parseInt(match.group(2)),
                                        match.group(3) == null
                                                ? 0
                                                : Integer.parseInt(match.group(3))));
    }

    @Override
    public int compareTo(QemuVersion other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = byMajor == 0 ? Integer.compare(minor, other.minor) : byMajor;
        return byMinor == 0 ? Integer.compare(micro, other.micro) : byMinor;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
