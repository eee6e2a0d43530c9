package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// `custom`: runs the commit's own program `.ambient/NAME`. It gets all arguments as one JSON
/// object on stdin, and each as a variable: `AMBIENT_CI_` and its key, as it is and in capitals,
/// is the JSON text of its value (reference/ambient.md, section 3.2).
record CustomAction(String program, Map<String, JsonNode> args) implements Action {
    private static final String VARIABLE = "AMBIENT_CI_";
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> NAME =
            Key.required("name", Texts.filename(), "The program, below `.ambient`.")
                    .example("release-notes");
    private static final Key<Map<String, JsonNode>> ARGS =
            Key.or("args", JsonArguments.TYPE, Map.of(), "{}", "What the program gets.")
                    .example("{since: v1.0, short: true}");

    static final ActionKind KIND =
            new ActionKind(
                    "custom",
                    Set.of(Phase.PLAN),
                    true,
                    new Section<>(
                            "custom",
                            "Runs a program of the commit's.",
                            List.of(NAME, ARGS),
                            values -> new CustomAction(values.get(NAME), values.get(ARGS))));

    CustomAction {
        args = Collections.unmodifiableMap(new LinkedHashMap<>(args));
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        var variables = new LinkedHashMap<String, String>();
        args.forEach(
                (key, value) -> {
                    variables.put(VARIABLE + key.toUpperCase(Locale.ROOT), value.toString());
                    variables.put(VARIABLE + key, value.toString());
                });
        return List.of(
                new Step(
                        SafeText.line("custom " + program, LONGEST_TITLE),
                        new GuestStep.Execute(
                                List.of(StepContext.SOURCE + "/.ambient/" + program),
                                context.with(variables).environment(),
                                StepContext.SOURCE,
                                JsonArguments.text(args)),
                        false));
    }
}
