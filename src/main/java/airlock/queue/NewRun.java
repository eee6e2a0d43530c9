package airlock.queue;

import airlock.event.Verdict;
import java.util.Optional;

/// A run to create for a request whose source has been read.
///
/// @param plan the plan's name
/// @param cell the matrix cell for people, may be empty
/// @param planFile the plan file's path in the repository
/// @param planText the plan file's bytes
/// @param source the path of the source tar
/// @param targetText the target branch's plan file, for a run from outside: it has only the steps
///     of `plan` from the commit's file (T3)
/// @param end if present, the run ends at once and only serves its context
public record NewRun(
        String plan,
        String cell,
        String planFile,
        byte[] planText,
        String source,
        Optional<byte[]> targetText,
        Optional<End> end) {
    /// An end without a machine: the plan file is invalid, or its plan does not apply to the event.
    ///
    /// @param reason one line
    /// @param report all problems of the file; may be empty
    public record End(Verdict verdict, String reason, String report) {}

    /// A run with the commit's own plan.
    public static NewRun own(
            String plan, String cell, String planFile, byte[] planText, String source) {
        return new NewRun(
                plan, cell, planFile, planText, source, Optional.empty(), Optional.empty());
    }

    /// The same with another source tar.
    public NewRun withSource(String other) {
        return new NewRun(plan, cell, planFile, planText, other, targetText, end);
    }
}
