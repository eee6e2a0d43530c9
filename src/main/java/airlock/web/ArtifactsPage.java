package airlock.web;

import airlock.results.RunHead;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What the list of a run's artifacts shows.
public record ArtifactsPage(ShownRepository repository, RunHead run, Artifacts.Listing listing) {

    /// The URL of one of the files.
    public String url(Artifacts.File file) {
        return "/runs/"
                + run.id()
                + "/artifacts/"
                + URLEncoder.encode(file.path(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/");
    }
}
