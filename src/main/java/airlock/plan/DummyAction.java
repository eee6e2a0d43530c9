package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Section;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `dummy`: does nothing; in pre_plan it sets `DUMMY=1` for the plan phase.
record DummyAction() implements Action {
    static final ActionKind KIND =
            new ActionKind(
                    "dummy",
                    Set.of(Phase.PRE_PLAN, Phase.POST_PLAN),
                    new Section<>("dummy", "Does nothing.", List.of(), _ -> new DummyAction()));

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
        return List.of(context.execute(name(), List.of("/bin/true")));
    }

    @Override
    public Map<String, String> declared() {
        return Map.of("DUMMY", "1");
    }
}
