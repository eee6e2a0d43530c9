package airlock.web;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.forge.Forge;
import airlock.results.RequestView;
import airlock.results.RunHead;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A repository that the client may see.
///
/// @param name as in the hook URL, `owner/repository`
/// @param page its page on the forge, `http` or `https`, without a trailing slash
/// @param defaultBranch short name
public record ShownRepository(
        RepositoryId id, ForgeKind kind, String name, URI page, String defaultBranch) {
    public ShownRepository {
        String scheme = String.valueOf(page.getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException(
                    "not a page that a browser may be sent to: '" + page + "' (http or https)");
        }
    }

    /// `FORGE/OWNER/REPOSITORY`, as in URLs and filters.
    public String path() {
        return id.forge() + "/" + name;
    }

    public String commitUrl(CommitId commit) {
        return page + "/commit/" + commit.hex();
    }

    public String subjectUrl(Subject subject) {
        return page
                + switch (subject) {
                    case Subject.Branch _, Subject.MergeGroup _ ->
                            tree("branch") + Show.path(subject.shortName());
                    case Subject.Tag _ -> tree("tag") + Show.path(subject.shortName());
                    case Subject.Change change ->
                            Forge.of(kind).traits().changePath().formatted(change.number());
                };
    }

    private String tree(String what) {
        return Forge.of(kind).traits().treePath().formatted(what);
    }

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
                List<T> found,
                Function<T, RepositoryId> id,
                BiFunction<ShownRepository, T, R> result) {
            return found.stream()
                    .filter(one -> byId.containsKey(id.apply(one)))
                    .map(one -> result.apply(byId.get(id.apply(one)), one))
                    .toList();
        }
    }
}
