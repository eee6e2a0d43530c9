package airlock.web;

import airlock.results.RunHead;

/// The page with a run's artifacts.
public record ArtifactsPage(ShownRepository repository, RunHead run, Artifacts.Listing listing) {
    /// The URL of one of the files.
    public String url(Artifacts.File file) {
        return "/runs/" + run.id() + "/artifacts/" + Urls.path(file.path());
    }
}
