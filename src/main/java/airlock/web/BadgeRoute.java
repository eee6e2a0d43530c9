package airlock.web;

import airlock.event.Refs;
import airlock.event.StateChange;
import airlock.event.Subject;
import airlock.results.Mark;
import airlock.results.Views;
import airlock.text.SafeText;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// `/badges/{forge}/{owner}/{repository}.svg?branch=&plan=`. Repositories that are private, missing
/// or were never tested have the same badge, `unknown`.
final class BadgeRoute {
    private static final String HEADS = "refs/heads/";
    private static final String ENDING = ".svg";
    private static final String LABEL = "airlock";

    private final Lookup lookup;
    private final Views views;

    BadgeRoute(Lookup lookup, Views views) {
        this.lookup = lookup;
        this.views = views;
    }

    void handle(Context ctx) {
        String plan = Pages.parameter(ctx, "plan");
        var badge =
                new Badge(
                        plan.isEmpty() ? LABEL : LABEL + "/" + plan,
                        mark(ctx, Pages.parameter(ctx, "branch"), plan));
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

    /// A badge of two words: a label and a state.
    ///
    /// @param label the left word; hostile, since it comes from a URL
    /// @param mark the right word; [Mark#NOT_RUN] if nothing is known
    record Badge(String label, Mark mark) {
        /// Advance widths of U+0020 to U+007E in DejaVu Sans at 11 pixels, in tenths of a pixel.
        /// Browsers stretch similar fonts to fit (`textLength`).
        private static final int[] WIDTHS = {
            35, 44, 51, 92, 70, 105, 86, 30, 43, 43, 55, 92, 35, 40, 35, 37, 70, 70, 70, 70, 70, 70,
                    70,
            70, 70, 70, 37, 37, 92, 92, 92, 58, 110, 75, 75, 77, 85, 70, 63, 85, 83, 32, 32, 72, 61,
                    95,
            82, 87, 66, 87, 76, 70, 67, 81, 75, 109, 75, 67, 75, 43, 37, 43, 92, 55, 55, 67, 70, 60,
                    70,
            68, 39, 70, 70, 31, 31, 64, 31, 107, 70, 67, 70, 70, 45, 57, 43, 70, 65, 90, 65, 65, 58,
                    70,
            37, 70, 92
        };

        /// A format whose arguments are those of [#svg()].
        private static final String PICTURE = Assets.text("badge.svg");

        private static final int WIDEST = 110;
        private static final int MARGIN = 60;
        private static final int LONGEST_LABEL = 60;

        Badge {
            label = SafeText.line(label, LONGEST_LABEL);
        }

        /// The most urgent state of a push's runs.
        static Mark of(List<StateChange.State> states) {
            return states.stream()
                    .map(Mark::of)
                    .min(Comparator.naturalOrder())
                    .orElse(Mark.NOT_RUN);
        }

        String text() {
            return switch (mark) {
                case PASSED -> "passing";
                case FAILED -> "failing";
                case NOT_RUN -> "unknown";
                case QUEUED, RUNNING, TIMED_OUT, INVALID_PLAN, BROKE, CANCELLED, SUPERSEDED ->
                        mark.word();
            };
        }

        /// UTF-8.
        byte[] svg() {
            int left = width(label) + 2 * MARGIN;
            int right = width(text()) + 2 * MARGIN;
            return PICTURE.formatted(
                            pixels(left + right),
                            Show.escaped(label),
                            text(),
                            pixels(left),
                            pixels(right),
                            colour(),
                            pixels(width(label)),
                            pixels(left + MARGIN),
                            pixels(width(text())))
                    .getBytes(StandardCharsets.UTF_8);
        }

        private String colour() {
            return switch (mark) {
                case PASSED -> "#1f7a38";
                case FAILED -> "#c0272d";
                case TIMED_OUT -> "#a85400";
                case INVALID_PLAN -> "#a3195b";
                case BROKE -> "#6b3fc4";
                case RUNNING -> "#1d5fbf";
                case QUEUED -> "#46667f";
                case CANCELLED, SUPERSEDED, NOT_RUN -> "#666c75";
            };
        }

        private static int width(String text) {
            return text.codePoints()
                    .map(c -> c >= ' ' && c < ' ' + WIDTHS.length ? WIDTHS[c - ' '] : WIDEST)
                    .sum();
        }

        private static String pixels(int tenths) {
            return String.format(Locale.ROOT, "%.1f", tenths / 10.0);
        }
    }
}
