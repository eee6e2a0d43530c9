package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Secret;
import airlock.results.RequestView;
import airlock.results.RunView;
import airlock.results.Views;
import airlock.statuses.StatusViews;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the run or request of a URL, if the client may see it. A private one and a missing one get
/// the same answer in the same steps (T10): first what the client may see, then the repository of
/// the id, and only if the client may see that, anything more. No other class decides this.
final class Lookup {
    private static final Pattern ID = Pattern.compile("[a-z2-7]{20}");

    /// RFC 6750 §2.1, with the letters of our tokens.
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

    /// A run that the client may see; nothing of it has been read yet.
    record Place(ShownRepository repository, RunId run) {}

    record FoundRun(Place place, RunView run) {
        ShownRepository repository() {
            return place.repository();
        }
    }

    /// Whether `text` has the form of the ids of runs and requests.
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    Visibility.Sight sight(Context ctx) {
        return visibility.of(
                Optional.ofNullable(ctx.header("Authorization"))
                        .map(BEARER::matcher)
                        .filter(Matcher::matches)
                        .map(bearer -> new Secret(bearer.group(1))));
    }

    private static String id(Context ctx) {
        String id = ctx.pathParam("id");
        if (!isId(id)) {
            throw new NotFoundResponse();
        }
        return id;
    }

    boolean shows(Context ctx, RepositoryId id) {
        return sight(ctx).with(id).isPresent();
    }

    /// The run that the URL names.
    ///
    /// @throws NotFoundResponse also if the client may not see it, as all of these methods
    FoundRun run(Context ctx) {
        var place = place(ctx);
        var run = views.run(place.run()).orElseThrow(NotFoundResponse::new);
        return new FoundRun(place, run);
    }

    Place place(Context ctx) {
        var run = new RunId(id(ctx));
        var sight = sight(ctx);
        return views.repositoryOf(run)
                .flatMap(sight::with)
                .map(owner -> new Place(owner, run))
                .orElseThrow(NotFoundResponse::new);
    }

    ShownRequest request(Context ctx) {
        var request = new RequestId(id(ctx));
        var sight = sight(ctx);
        return views.repositoryOf(request)
                .flatMap(sight::with)
                .flatMap(owner -> views.request(request).map(view -> shown(owner, view)))
                .orElseThrow(NotFoundResponse::new);
    }

    private ShownRequest shown(ShownRepository owner, RequestView view) {
        return new ShownRequest(
                owner, view, statuses.of(view.id()), views.planReport(view.id().text()));
    }

    /// By `FORGE/OWNER/REPOSITORY`; case is ignored, as forges do.
    Optional<ShownRepository> repository(Context ctx, String path) {
        return sight(ctx).at(path);
    }

    /// A page of the list of a run's artifacts, as far as the client may see them (T6).
    Artifacts.Listing artifacts(Context ctx, Place place, int from) {
        return hidesArtifacts(ctx, place)
                ? new Artifacts.Listing.Private()
                : artifacts.list(place.run(), from);
    }

    /// One file of a run's artifacts, if the client may see them (T6).
    Artifacts.Content artifact(Context ctx, String path) {
        return Optional.of(place(ctx))
                .filter(of -> !hidesArtifacts(ctx, of))
                .flatMap(of -> artifacts.open(of.run(), path))
                .orElseThrow(NotFoundResponse::new);
    }

    private boolean hidesArtifacts(Context ctx, Place place) {
        return !sight(ctx).opens(place.repository().id()) && artifacts.arePrivate(place.run());
    }
}
