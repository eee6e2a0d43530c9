package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What pages, API and command line show of requests and runs. Callable by many threads at once;
/// each answer is as new as the call. Who may see it is not decided here.
public interface Views {
    /// Runs, newest first.
    RunList runs(RunQuery query);

    /// Requests that have no runs yet and have not ended, newest first.
    List<RequestView> waiting(Set<RepositoryId> repositories, int limit);

    /// Requests that ended without a run and were not superseded, newest first: those that came
    /// between the runs of one page.
    ///
    /// @param query that of the page's runs; its `before` may be a request's id, too
    /// @param oldest the id of the page's last run; empty if there are no older ones
    List<RequestView> withoutRun(RunQuery query, String oldest);

    /// To which repository a run belongs; one look, and the same one whether it exists or not.
    Optional<RepositoryId> repositoryOf(RunId id);

    /// To which repository a request belongs; one look, and the same one whether it exists or not.
    Optional<RepositoryId> repositoryOf(RequestId id);

    /// One request with its runs.
    Optional<RequestView> request(RequestId id);

    /// All that is wrong with the plan of a request or run, lines of the file included; empty if
    /// that is not how it ended.
    ///
    /// @param of the id of either
    String planReport(String of);

    /// One run with its phases and steps.
    Optional<RunView> run(RunId id);

    /// The states of the runs of the newest push to a branch; of the one run of `plan` if that
    /// is not empty. If that push has no run, the state of its request; empty if there was no
    /// push. Change requests never count (T4).
    List<StateChange.State> newest(RepositoryId repository, Subject.Branch branch, String plan);
}
