package airlock.cli;

import airlock.event.Verdict;
import java.util.Arrays;

/// What a command's exit code means.
public final class ExitCode {
    /// It is done; of a run: it passed.
    public static final int OK = 0;

    /// It was done and the answer is no: a run failed, a finding of the doctor is bad.
    public static final int NO = 1;

    /// The command line is wrong.
    public static final int USAGE = 2;

    /// The configuration is wrong.
    public static final int CONFIGURATION = 3;

    /// It could not be done: no server, no QEMU, no image; of a run: it broke.
    public static final int BROKE = 4;

    private ExitCode() {}

    /// That of a run which ended so.
    static int of(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> OK;
            case FAILED, TIMED_OUT, INVALID_PLAN -> NO;
            case BROKE, CANCELLED, SUPERSEDED -> BROKE;
        };
    }

    /// The same by the verdict's word; an unknown word counts as broke.
    static int of(String word) {
        return Arrays.stream(Verdict.values())
                .filter(verdict -> verdict.word().equals(word))
                .mapToInt(ExitCode::of)
                .findFirst()
                .orElse(BROKE);
    }
}
