package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.util.Optional;

/// A run that is this worker's until it ends it or dies.
///
/// @param plan the plan's name, `main` for the usual file
/// @param cell the matrix cell as people read it, empty where there is none
/// @param context the status context that it answers for
/// @param planFile the plan file's path in the repository
/// @param planText the plan file's bytes, as the request's source had them
/// @param targetText the target branch's plan file, in a run from outside (T3)
/// @param onMoved what becomes of its post_plan where its ref has moved on (T7)
/// @param source the path of the source tar
/// @param generation the number that each write must carry; an older one is refused
/// @param attempts how often it was claimed before this
public record ClaimedRun(
        RunId id,
        RequestId request,
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        String plan,
        String cell,
        String context,
        TrustClass trust,
        String planFile,
        byte[] planText,
        Optional<byte[]> targetText,
        OnMoved onMoved,
        String source,
        long generation,
        int attempts) {
    /// In place of a plan file that is not kept any more.
    static final byte[] REMOVED = {};

    /// Whether its plan file is still kept; always while the run has not ended.
    public boolean hasPlan() {
        return planText.length > 0;
    }
}
