package airlock.web;

import airlock.base.Json;
import airlock.results.RequestView;
import airlock.results.RunHead;
import java.util.List;

/// Runs and requests in the API's form, for `airlock runs --json`.
public final class RunsJson {
    private RunsJson() {}

    /// One JSON object with `runs` and `requests`, only ASCII.
    ///
    /// @param shown the repositories; runs and requests of others are left out
    public static String of(
            List<ShownRepository> shown, List<RunHead> runs, List<RequestView> requests) {
        var repositories = ShownRepositories.of(shown);
        return Json.ASCII
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(
                        ApiJson.object()
                                .set("runs", ApiJson.array(repositories.runs(runs, ApiJson::run)))
                                .set(
                                        "requests",
                                        ApiJson.array(
                                                repositories.requests(
                                                        requests, ApiJson::request))));
    }
}
