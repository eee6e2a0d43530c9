package airlock.cli;

import airlock.event.Verdict;
import java.util.Arrays;

/// The exit codes of all commands.
public final class ExitCode {
    /// Success; the run passed.
    public static final int OK = 0;

    /// The answer is no: the run failed, the doctor found a problem.
    public static final int NO = 1;

    /// Usage error.
    public static final int USAGE = 2;

    /// Invalid configuration.
    public static final int CONFIGURATION = 3;

    /// Not possible: no server, QEMU or image; the run broke.
    public static final int BROKE = 4;

    private ExitCode() {}

    static int of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> OK;
            case FAILED, TIMED_OUT, INVALID_PLAN -> NO;
            case BROKE, CANCELLED, SUPERSEDED -> BROKE;
        };
    }

    /// By the verdict's word; an unknown word counts as broke.
    static int of(String word) {
        return Arrays.stream(Verdict.values())
                .filter(verdict -> verdict.word().equals(word))
                .mapToInt(ExitCode::of)
                .findFirst()
                .orElse(BROKE);
    }
}
