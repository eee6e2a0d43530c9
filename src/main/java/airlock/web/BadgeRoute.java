package airlock.web;

import airlock.event.Refs;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.results.Mark;
import airlock.results.Views;
import io.javalin.http.Context;
import java.util.List;

/// `/badges/{forge}/{owner}/{repository}.svg?branch=&plan=`. Repositories that are private, missing
/// or were never tested have the same badge, `unknown`.
final class BadgeRoute {
    private static final String HEADS = "refs/heads/";
    private static final String ENDING = ".svg";
    private static final String LABEL = "airlock";
    private static final int LONGEST = 1000;

    private final Lookup lookup;
    private final Views views;

    BadgeRoute(Lookup lookup, Views views) {
        this.lookup = lookup;
        this.views = views;
    }

    void handle(Context ctx) {
        String plan = parameter(ctx, "plan");
        var badge =
                new Badge(
                        plan.isEmpty() ? LABEL : LABEL + "/" + plan,
                        mark(ctx, parameter(ctx, "branch"), plan));
        ctx.contentType("image/svg+xml; charset=utf-8");
        // forges show it on their pages, often through a cache
        ctx.header("Cache-Control", "no-cache");
        ctx.header("Cross-Origin-Resource-Policy", "cross-origin");
        ctx.header("Content-Security-Policy", SecurityHeaders.CSP_SEALED);
        Etag.answer(ctx, badge.svg());
    }

    private Mark mark(Context ctx, String branch, String plan) {
        String path = ctx.pathParam("path");
        if (!path.endsWith(ENDING)) {
            return Mark.NOT_RUN;
        }
        String name = path.substring(0, path.length() - ENDING.length());
        return Badge.of(
                lookup.repository(ctx, name)
                        .map(shown -> states(shown, branch, plan))
                        .orElse(List.of()));
    }

    private List<StateChange.State> states(ShownRepository shown, String branch, String plan) {
        String ref = HEADS + (branch.isEmpty() ? shown.defaultBranch() : branch);
        return Refs.valid(ref, HEADS)
                ? views.newest(shown.id(), new Subject.Branch(ref), plan)
                : List.of();
    }

    private static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.length() > LONGEST ? "" : value;
    }
}
