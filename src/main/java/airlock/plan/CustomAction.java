package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Setting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// `custom`: runs the commit's program `.ambient/NAME`. It gets all arguments as one JSON object on
/// stdin, and each as the JSON text of two variables: `AMBIENT_CI_` and its key, as written and in
/// capitals (reference/ambient.md, section 3.2).
@Setting.Group(title = "custom", about = "Runs a program of the commit.")
record CustomAction(
        @Setting(
                        name = "name",
                        value = "The program in `.ambient`.",
                        type = "file",
                        example = "release-notes")
                String program,
        @Setting(
                        value = "Its arguments.",
                        or = "{}",
                        pattern = Texts.VARIABLE,
                        expected = "an argument's name (not empty, without =)",
                        example = "{since: v1.0, short: true}")
                Map<String, JsonNode> args)
        implements Action {
    private static final String VARIABLE = "AMBIENT_CI_";
    private static final int LONGEST_TITLE = 80;

    static final ActionKind KIND =
            new ActionKind(
                    "custom",
                    Set.of(Phase.PLAN),
                    true,
                    Texts.BINDER
                            .with(JsonNode.class, new JsonArguments.AnyJson())
                            .section(CustomAction.class));

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
                StepContext.plain(
                        SafeText.line("custom " + program, LONGEST_TITLE),
                        new GuestStep.Execute(
                                List.of(StepContext.SOURCE + "/.ambient/" + program),
                                context.with(variables).environment(),
                                StepContext.SOURCE,
                                JsonArguments.text(args))));
    }
}
