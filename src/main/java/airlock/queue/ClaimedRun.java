package airlock.queue;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import java.util.Locale;
import java.util.Optional;

/// A run that belongs to a worker until the worker ends it or dies.
///
/// @param onMoved what happens to its post_plan if its ref has moved on (T7)
/// @param source the path of the source tar
/// @param generation every write must name it; writes of an older generation are rejected
/// @param attempts earlier claims
public record ClaimedRun(
        RunRow row, Plan plan, OnMoved onMoved, String source, long generation, int attempts) {
    /// Replaces the text of a plan file that was removed.
    static final byte[] REMOVED = {};

    /// The plan file of a run.
    ///
    /// @param name the plan's name, `main` for the usual file
    /// @param cell the matrix cell for people, may be empty
    /// @param file its path in the repository
    /// @param text its bytes in the request's source
    /// @param targetText the target branch's plan file, for a run from outside (T3)
    public record Plan(
            String name, String cell, String file, byte[] text, Optional<byte[]> targetText) {}

    public RunId id() {
        return row.id();
    }

    public RequestId request() {
        return row.request();
    }

    public RepositoryId repository() {
        return row.repository();
    }

    public Subject subject() {
        return row.subject();
    }

    public CommitId commit() {
        return row.commit();
    }

    public TrustClass trust() {
        return row.trust();
    }

    /// Whether its plan file still exists; always true until the run has ended.
    public boolean hasPlan() {
        return plan.text().length > 0;
    }

    /// The fate of a run's post_plan if its ref has moved on (T5, T7).
    public enum OnMoved {
        /// The run ends: the newer commit publishes.
        SUPERSEDED,
        /// The run, a rerun, skips it.
        SKIPPED,
        /// It runs anyway, because the operator said so.
        PUBLISHED;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static OnMoved of(String key) {
            return valueOf(key.toUpperCase(Locale.ROOT));
        }
    }
}
