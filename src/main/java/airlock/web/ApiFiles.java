package airlock.web;

import airlock.event.RunId;
import airlock.text.SafeText;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Renders the list of a run's artifacts for the API.
final class ApiFiles {
    private ApiFiles() {}

    static ObjectNode json(RunId run, Artifacts.Listing listing) {
        String url = Api.BASE + "/runs/" + run + "/artifacts";
        return switch (listing) {
            case Artifacts.Listing.None _ -> json("none", "", null, List.of());
            case Artifacts.Listing.Private _ ->
                    json(
                            "private",
                            "made with a secret; a token for reading the repository shows them",
                            null,
                            List.of());
            case Artifacts.Listing.Removed(Instant when) ->
                    json("removed", "removed at " + when, null, List.of());
            case Artifacts.Listing.Unreadable(String reason) ->
                    json("unreadable", SafeText.line(reason), null, List.of());
            case Artifacts.Listing.Files(List<Artifacts.File> files, int next) ->
                    json(
                            "files",
                            "",
                            next > 0 ? url + "?from=" + next : null,
                            files.stream().map(file -> file(url, file)).toList());
        };
    }

    private static ObjectNode json(
            String state, String reason, @Nullable String next, List<ObjectNode> files) {
        return ApiJson.object()
                .put("state", state)
                .put("reason", reason)
                .put("cut", next != null)
                .put("next", next)
                .set("files", ApiJson.array(files));
    }

    /// The path is exactly that in the archive, so it may be hostile.
    private static ObjectNode file(String url, Artifacts.File file) {
        return ApiJson.object()
                .put("path", file.path())
                .put("bytes", file.size())
                .put("url", url + "/" + Urls.path(file.path()));
    }
}
