package airlock.plan;

import airlock.vm.Step;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `npm_ci`: installs what the lock file says, out of what `npm_get` has fetched. Ambient has no
/// such action.
record NpmCiAction() implements Action {
    static final ActionKind KIND =
            new ActionKind(
                    "npm_ci",
                    Set.of(),
                    true,
                    new Section<>(
                            "npm_ci",
                            "Installs packages of npm's.",
                            List.of(),
                            _ -> new NpmCiAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(context.run(Script.of("npm ci", name(), List.of(NpmGetAction.FOLDER), "")));
    }
}
