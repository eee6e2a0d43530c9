package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `setenv`: sets variables for the later actions of its phase. The guest does nothing for it.
record SetenvAction(Map<String, String> set) implements Action {
    private static final Key<Map<String, String>> SET =
            Key.required(
                            "set",
                            Compounds.mapping(
                                    Texts.argument(),
                                    Texts::isVariable,
                                    "a variable's name (not empty, without =)"),
                            "Names and values; numbers need quotes.")
                    .example("{RUST_BACKTRACE: \"1\"}");

    // a variable such as LD_PRELOAD can name a file of the commit's
    static final ActionKind KIND =
            new ActionKind(
                    "setenv",
                    Set.of(Phase.PLAN),
                    true,
                    new Section<>(
                            "setenv",
                            "Sets variables for the later actions of the phase.",
                            List.of(SET),
                            values -> new SetenvAction(values.get(SET))));

    SetenvAction {
        set = Map.copyOf(set);
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of();
    }

    @Override
    public Map<String, String> environment() {
        return set;
    }
}
