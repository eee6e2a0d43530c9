package airlock.web;

import airlock.results.RequestView;
import airlock.results.RunHead;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Runs and the requests that wait beside them, as the API has both, for `airlock runs --json`.
public final class RunsJson {
    private record RunsAndRequests(List<ApiJson.Run> runs, List<ApiJson.Request> requests) {}

    private RunsJson() {}

    /// One JSON object with `runs` and `requests`, ASCII alone.
    ///
    /// @param shown the repositories; what is of others is left out
    public static String of(
            List<ShownRepository> shown, List<RunHead> runs, List<RequestView> requests) {
        var known =
                shown.stream().collect(Collectors.toMap(ShownRepository::id, Function.identity()));
        return Api.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        new RunsAndRequests(
                                all(runs, r -> known.get(r.repository()), ApiJson.Run::of),
                                all(
                                        requests,
                                        r -> known.get(r.repository()),
                                        ApiJson.Request::of)));
    }

    private static <T, J> List<J> all(
            List<T> found,
            Function<T, @Nullable ShownRepository> shown,
            BiFunction<ShownRepository, T, J> json) {
        return found.stream()
                .flatMap(
                        each ->
                                Optional.ofNullable(shown.apply(each))
                                        .map(repository -> json.apply(repository, each))
                                        .stream())
                .toList();
    }
}
