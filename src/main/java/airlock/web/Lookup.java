package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Secret;
import airlock.results.RunView;
import airlock.results.Views;
import airlock.statuses.StatusViews;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Pattern;

/// Finds what a URL names, if who asks may see it. What is private is as absent as what does not
/// exist, in the answer and in the steps to it (T10): first what the reader may see, then to which
/// repository the thing belongs, and only for what may be shown anything more. That is decided
/// here and nowhere else.
final class Lookup {
    private static final Pattern ID = Pattern.compile("[a-z2-7]{20}");

    /// RFC 6750 §2.1, as far as our tokens need it.
    private static final Pattern BEARER = Pattern.compile("(?i:Bearer) ([A-Za-z0-9_]{1,200})");

    private final Visibility visibility;
    private final Views views;
    private final StatusViews statuses;
    private final Artifacts artifacts;

    Lookup(WebParts parts) {
        this.visibility = parts.visibility();
        this.views = parts.views();
        this.statuses = parts.statuses();
        this.artifacts = parts.artifacts();
    }

    /// The artifacts of a repository's runs, as far as who asks may see them.
    Artifacts artifacts(Context ctx, ShownRepository repository) {
        return sight(ctx).opens(repository.id()) ? artifacts : new PublicArtifacts(artifacts);
    }

    /// A run that may be shown, before anything of it is read.
    record Place(ShownRepository repository, RunId run) {}

    /// A run and where it belongs.
    record FoundRun(ShownRepository repository, RunView run) {}

    /// Who asks. What is no bearer's token counts as nothing.
    static Reader reader(Context ctx) {
        String header = ctx.header("Authorization");
        if (header != null) {
            var bearer = BEARER.matcher(header);
            if (bearer.matches()) {
                return new Reader.Bearer(new Secret(bearer.group(1)));
            }
        }
        return new Reader.Anybody();
    }

    /// All that who asks may see.
    Sight sight(Context ctx) {
        return visibility.of(reader(ctx));
    }

    /// Whether who asks may see the repository now.
    boolean shows(Context ctx, RepositoryId id) {
        return sight(ctx).with(id).isPresent();
    }

    Optional<FoundRun> run(Context ctx, String id) {
        return place(ctx, id)
                .flatMap(
                        place ->
                                views.run(place.run())
                                        .map(view -> new FoundRun(place.repository(), view)));
    }

    Optional<Place> place(Context ctx, String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        var run = new RunId(id);
        return owner(sight(ctx), views.repositoryOf(run)).map(owner -> new Place(owner, run));
    }

    Optional<ShownRequest> request(Context ctx, String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        var request = new RequestId(id);
        return owner(sight(ctx), views.repositoryOf(request))
                .flatMap(
                        owner ->
                                views.request(request)
                                        .map(
                                                view ->
                                                        new ShownRequest(
                                                                owner,
                                                                view,
                                                                statuses.of(request),
                                                                views.planReport(request.text()))));
    }

    /// By `FORGE/OWNER/REPOSITORY`; names are compared as forges do, without regard to case.
    Optional<ShownRepository> repository(Context ctx, String path) {
        return sight(ctx).at(path);
    }

    private static Optional<ShownRepository> owner(Sight sight, Optional<RepositoryId> owner) {
        return owner.flatMap(sight::with);
    }
}
