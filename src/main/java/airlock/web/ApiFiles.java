package airlock.web;

import airlock.event.RunId;
import airlock.text.SafeText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The list of a run's artifacts, as the API gives it.
///
/// @param state `none`, `files`, `private`, `removed` since a time, or `unreadable` with a reason
/// @param cut whether there are more files than this page has
/// @param next the URL of the next page, null on the last
record ApiFiles(String state, String reason, boolean cut, @Nullable String next, List<Item> files) {
    ApiFiles {
        files = List.copyOf(files);
    }

    /// One file.
    ///
    /// @param path exactly as in the archive, so hostile
    record Item(String path, long bytes, String url) {}

    static ApiFiles of(RunId run, Artifacts.Listing listing) {
        return switch (listing) {
            case Artifacts.Listing.None _ -> new ApiFiles("none", "", false, null, List.of());
            case Artifacts.Listing.Private _ ->
                    new ApiFiles(
                            "private",
                            "made with a secret; a token for reading the repository shows them",
                            false,
                            null,
                            List.of());
            case Artifacts.Listing.Removed(Instant when) ->
                    new ApiFiles("removed", "removed at " + when, false, null, List.of());
            case Artifacts.Listing.Unreadable(String reason) ->
                    new ApiFiles("unreadable", SafeText.line(reason), false, null, List.of());
            case Artifacts.Listing.Files files ->
                    new ApiFiles(
                            "files",
                            "",
                            files.next() > 0,
                            files.next() == 0
                                    ? null
                                    : Api.BASE + "/runs/" + run + "/artifacts?from=" + files.next(),
                            files.files().stream().map(file -> item(run, file)).toList());
        };
    }

    private static Item item(RunId run, Artifacts.File file) {
        String path =
                URLEncoder.encode(file.path(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/");
        return new Item(file.path(), file.size(), "/api/v1/runs/" + run + "/artifacts/" + path);
    }
}
