package airlock.queue;

import airlock.event.Verdict;
import java.util.Optional;

/// A run that a request becomes once its source has been read.
///
/// @param plan the plan's name
/// @param cell the matrix cell as people read it, empty where there is none
/// @param planFile the plan file's path in the repository
/// @param planText the plan file's bytes
/// @param source the path of the source tar
/// @param targetText the target branch's plan file, from which a run from outside has all but the
///     steps of `plan` (T3)
/// @param end how it ends at once: it is there for its context only. Else it is run
public record NewRun(
        String plan,
        String cell,
        String planFile,
        byte[] planText,
        String source,
        Optional<byte[]> targetText,
        Optional<End> end) {
    /// An end without any machine: the commit's file is no plan, or its plan is not for this event.
    ///
    /// @param reason a line
    /// @param report all that is wrong with the file; may be empty
    public record End(Verdict verdict, String reason, String report) {}

    /// A run whose plan is all the commit's own.
    public static NewRun own(
            String plan, String cell, String planFile, byte[] planText, String source) {
        return new NewRun(
                plan, cell, planFile, planText, source, Optional.empty(), Optional.empty());
    }

    /// The same of another source tar.
    public NewRun withSource(String other) {
        return new NewRun(plan, cell, planFile, planText, other, targetText, end);
    }
}
