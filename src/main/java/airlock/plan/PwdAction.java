package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `pwd`: logs the directory in which actions start.
record PwdAction() implements Action {
    static final ActionKind KIND =
            new ActionKind(
                    "pwd",
                    Set.of(Phase.values()),
                    new Section<>(
                            "pwd",
                            "Logs the directory in which actions start.",
                            List.of(),
                            _ -> new PwdAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.NONE;
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(context.execute(name(), List.of("/bin/pwd")));
    }
}
