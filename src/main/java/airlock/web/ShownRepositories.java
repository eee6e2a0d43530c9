package airlock.web;

import airlock.event.RepositoryId;
import airlock.results.RequestView;
import airlock.results.RunHead;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The repositories of one list. Runs and requests of other repositories are left out.
record ShownRepositories(Map<RepositoryId, ShownRepository> byId) {
    static ShownRepositories of(List<ShownRepository> repositories) {
        return new ShownRepositories(
                repositories.stream()
                        .collect(Collectors.toMap(ShownRepository::id, Function.identity())));
    }

    Set<RepositoryId> ids() {
        return byId.keySet();
    }

    <R> List<R> runs(List<RunHead> runs, BiFunction<ShownRepository, RunHead, R> result) {
        return each(runs, RunHead::repository, result);
    }

    <R> List<R> requests(
            List<RequestView> requests, BiFunction<ShownRepository, RequestView, R> result) {
        return each(requests, RequestView::repository, result);
    }

    private <T, R> List<R> each(
            List<T> found, Function<T, RepositoryId> id, BiFunction<ShownRepository, T, R> result) {
        return found.stream()
                .filter(one -> byId.containsKey(id.apply(one)))
                .map(one -> result.apply(byId.get(id.apply(one)), one))
                .toList();
    }
}
