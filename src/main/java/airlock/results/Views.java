package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Requests and runs as pages, API and command line show them. Answers are never stale. It does not
/// decide who may see them. Threads: any.
public interface Views {
    RunList runs(RunQuery query);

    /// Requests that have no runs yet and have not ended, newest first.
    List<RequestView> waiting(Set<RepositoryId> repositories, int limit);

    /// Requests that ended without a run and were not superseded, newest first: those between the
    /// runs of one page.
    ///
    /// @param query of the page's runs; its `before` may also be the id of a request
    /// @param oldest id of the page's last run; empty on the last page
    List<RequestView> withoutRun(RunQuery query, String oldest);

    /// The repository of a run; one query, whether the run exists or not.
    Optional<RepositoryId> repositoryOf(RunId id);

    /// The repository of a request; one query, whether the request exists or not.
    Optional<RepositoryId> repositoryOf(RequestId id);

    Optional<RequestView> request(RequestId id);

    Optional<RunHead> head(RunId id);

    /// The phases of a run in the order in which they ran, including earlier starts of a phase.
    List<PhaseView> phases(RunId run);

    /// All mistakes in the plan of a request or run, with lines of the file; empty if it did not
    /// end because of them.
    String planReport(String of);

    Optional<RunView> run(RunId id);

    /// The states of the runs of the newest push to a branch, or only of the run of `plan` if that
    /// is not empty. The state of the push's request if it has no run; empty if there was no push.
    /// Change requests never count (T4).
    List<StateChange.State> newest(RepositoryId repository, Subject.Branch branch, String plan);

    /// A page of a list of runs.
    ///
    /// @param runs newest first
    record RunList(List<RunHead> runs, boolean more) {
        public RunList {
            runs = List.copyOf(runs);
        }

        /// The id of its last run; empty if it is the last page.
        public String oldest() {
            return more ? runs.getLast().id().text() : "";
        }
    }
}
