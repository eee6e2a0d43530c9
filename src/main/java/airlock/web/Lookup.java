package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds what a URL names, if everybody may see it. What is private is as absent as what does not
/// exist (T10); that is decided here and nowhere else.
final class Lookup {
    private static final Pattern ID = Pattern.compile("[a-z2-7]{20}");

    private final Visibility visibility;
    private final Views views;

    Lookup(Visibility visibility, Views views) {
        this.visibility = visibility;
        this.views = views;
    }

    /// A run and where it belongs.
    record FoundRun(ShownRepository repository, RunView run) {}

    Optional<FoundRun> run(String id) {
        return Optional.of(id)
                .filter(text -> ID.matcher(text).matches())
                .flatMap(text -> views.run(new RunId(text)))
                .flatMap(
                        run ->
                                repository(run.head().repository())
                                        .map(shown -> new FoundRun(shown, run)));
    }

    Optional<ShownRequest> request(String id) {
        return Optional.of(id)
                .filter(text -> ID.matcher(text).matches())
                .flatMap(text -> views.request(new RequestId(text)))
                .flatMap(
                        request ->
                                repository(request.repository())
                                        .map(
                                                shown ->
                                                        new ShownRequest(
                                                                shown,
                                                                request,
                                                                views.told(request.id()))));
    }

    /// By `FORGE/OWNER/REPOSITORY`; names are compared as forges do, without regard to case.
    Optional<ShownRepository> repository(String path) {
        return visibility.shown().stream()
                .filter(shown -> shown.path().equalsIgnoreCase(path))
                .findFirst();
    }

    private Optional<ShownRepository> repository(RepositoryId id) {
        return visibility.shown().stream().filter(shown -> shown.id().equals(id)).findFirst();
    }
}
