package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.results.RequestView;
import airlock.results.RunList;
import airlock.results.RunQuery;
import airlock.results.RunView;
import airlock.results.Views;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Other views, and each look at them by name in `steps`.
record RecordedViews(Views views, List<String> steps) implements Views {
    @Override
    public RunList runs(RunQuery query) {
        steps.add("runs of " + query.repositories().size());
        return views.runs(query);
    }

    @Override
    public List<RequestView> waiting(Set<RepositoryId> repositories, int limit) {
        steps.add("waiting of " + repositories.size());
        return views.waiting(repositories, limit);
    }

    @Override
    public List<RequestView> withoutRun(RunQuery query, String oldest) {
        steps.add("without run of " + query.repositories().size());
        return views.withoutRun(query, oldest);
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RunId id) {
        steps.add("repository of a run");
        return views.repositoryOf(id);
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RequestId id) {
        steps.add("repository of a request");
        return views.repositoryOf(id);
    }

    @Override
    public Optional<RequestView> request(RequestId id) {
        steps.add("request");
        return views.request(id);
    }

    @Override
    public String planReport(String of) {
        steps.add("plan report");
        return views.planReport(of);
    }

    @Override
    public Optional<RunView> run(RunId id) {
        steps.add("run");
        return views.run(id);
    }

    @Override
    public List<StateChange.State> newest(
            RepositoryId repository, Subject.Branch branch, String plan) {
        steps.add("newest");
        return views.newest(repository, branch, plan);
    }
}
