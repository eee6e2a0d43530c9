package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Step;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `setenv`: sets variables for later actions of its phase, without a step of the guest.
@Setting.Group(title = "setenv", about = "Sets variables for the later actions of the phase.")
record SetenvAction(
        @Setting(
                        value = "Names and values; numbers need quotes.",
                        type = "text",
                        pattern = Texts.VARIABLE,
                        expected = Texts.VARIABLE_IS,
                        example = "{RUST_BACKTRACE: \"1\"}")
                Map<String, String> set)
        implements Action {
    // variables such as LD_PRELOAD can name a file of the commit
    static final ActionKind KIND =
            new ActionKind(
                    "setenv", Set.of(Phase.PLAN), true, Texts.BINDER.section(SetenvAction.class));

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
