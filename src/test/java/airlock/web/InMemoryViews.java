package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.results.PhaseView;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.results.RunQuery;
import airlock.results.RunView;
import airlock.results.SubjectFilter;
import airlock.results.Views;
import airlock.results.Views.RunList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Requests and runs in memory, in the order in which they were added.
final class InMemoryViews implements Views {
    private final List<RunView> runs = new ArrayList<>();
    private final List<RequestView> requests = new ArrayList<>();
    private final Map<String, String> reports = new HashMap<>();

    /// Adds a run, or replaces the one with its id.
    synchronized void put(RunView run) {
        runs.replaceAll(old -> old.head().id().equals(run.head().id()) ? run : old);
        if (!runs.contains(run)) {
            runs.add(run);
        }
    }

    synchronized void put(RequestView request) {
        requests.add(request);
    }

    /// Sets the mistakes in the plan of the request or run `of`.
    synchronized void put(String of, String report) {
        reports.put(of, report);
    }

    @Override
    public synchronized String planReport(String of) {
        return reports.getOrDefault(of, "");
    }

    @Override
    public synchronized RunList runs(RunQuery query) {
        var fitting =
                newestFirst().stream()
                        .filter(run -> query.repositories().contains(run.repository()))
                        .filter(
                                run ->
                                        query.subject().equals(SubjectFilter.ANY)
                                                || isOf(run.revision().subject(), query.subject()))
                        .toList();
        if (!query.before().isEmpty()) {
            int at = fitting.stream().map(run -> run.id().text()).toList().indexOf(query.before());
            fitting = at < 0 ? List.of() : fitting.subList(at + 1, fitting.size());
        }
        return new RunList(
                fitting.stream().limit(query.limit()).toList(), fitting.size() > query.limit());
    }

    @Override
    public synchronized List<RequestView> waiting(Set<RepositoryId> repositories, int limit) {
        return requests.reversed().stream()
                .filter(request -> repositories.contains(request.repository()))
                .filter(request -> !request.isOver() && request.runs().isEmpty())
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<RequestView> withoutRun(RunQuery query, String oldest) {
        var ended =
                requests.reversed().stream()
                        .filter(request -> query.repositories().contains(request.repository()))
                        .filter(request -> request.isOver() && request.runs().isEmpty())
                        .toList();
        var ids = ended.stream().map(request -> request.id().text()).toList();
        int from = query.before().isEmpty() ? 0 : ids.indexOf(query.before()) + 1;
        return ended.subList(from, ended.size()).stream().limit(query.limit()).toList();
    }

    @Override
    public synchronized Optional<RepositoryId> repositoryOf(RunId id) {
        return run(id).map(run -> run.head().repository());
    }

    @Override
    public synchronized Optional<RepositoryId> repositoryOf(RequestId id) {
        return request(id).map(RequestView::repository);
    }

    @Override
    public synchronized Optional<RequestView> request(RequestId id) {
        return requests.stream().filter(request -> request.id().equals(id)).findFirst();
    }

    @Override
    public synchronized Optional<RunView> run(RunId id) {
        return runs.stream().filter(run -> run.head().id().equals(id)).findFirst();
    }

    @Override
    public Optional<RunHead> head(RunId id) {
        return run(id).map(RunView::head);
    }

    @Override
    public List<PhaseView> phases(RunId id) {
        return run(id).map(RunView::phases).orElse(List.of());
    }

    @Override
    public synchronized List<StateChange.State> newest(
            RepositoryId repository, Subject.Branch branch, String plan) {
        var ofBranch =
                newestFirst().stream()
                        .filter(run -> run.repository().equals(repository))
                        .filter(run -> run.revision().subject().equals(branch))
                        .toList();
        return ofBranch.stream()
                .filter(run -> run.request().equals(ofBranch.getFirst().request()))
                .filter(run -> plan.isEmpty() || run.plan().equals(plan))
                .map(RunHead::state)
                .toList();
    }

    private List<RunHead> newestFirst() {
        return runs.reversed().stream().map(RunView::head).toList();
    }

    private static boolean isOf(Subject subject, SubjectFilter filter) {
        return subject.kind().equals(filter.kind()) && subject.key().equals(filter.key());
    }
}
