package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.yaml.Place;
import airlock.yaml.Values;
import java.util.HashSet;
import java.util.List;

/// Warns of probable mistakes in pairs of actions.
final class Pairs {
    private Pairs() {}

    static void warn(PlanSettings plan, Values values) {
        for (Phase phase : Phase.values()) {
            files(plan.actionsOf(phase), values.place(phase.key()));
        }
        var place = values.place(Phase.POST_PLAN.key());
        apart(plan.plan(), "deb", plan.postPlan(), "dput2", place);
        apart(plan.plan(), "deb2", plan.postPlan(), "dput", place);
    }

    /// A second `http_get` with the same name overwrites the file.
    private static void files(List<Action> actions, Place place) {
        var names = new HashSet<String>();
        for (var action : actions) {
            if (bare(action) instanceof HttpGetAction(var items)) {
                for (var item : items) {
                    if (!names.add(item.filename())) {
                        place.warning(
                                "two actions fetch "
                                        + SafeText.quoted(item.filename())
                                        + "; only what the last one fetches is there");
                    }
                }
            }
        }
    }

    /// Both combinations work here, but not in Ambient.
    private static void apart(
            List<Action> built, String deb, List<Action> sent, String dput, Place place) {
        if (has(built, deb) && has(sent, dput)) {
            place.warning(
                    "Ambient's linter refuses %s with %s: `deb` goes with `dput`, `deb2` with `dput2`"
                            .formatted(deb, dput));
        }
    }

    private static Action bare(Action action) {
        return action instanceof ArrangedAction(var arranged, _) ? arranged : action;
    }

    private static boolean has(List<Action> actions, String name) {
        return actions.stream().anyMatch(action -> action.name().equals(name));
    }
}
