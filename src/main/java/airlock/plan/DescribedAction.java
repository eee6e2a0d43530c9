package airlock.plan;

import airlock.config.Destinations;
import airlock.text.SafeText;
import airlock.vm.Step;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An action of a plan that is described in `actions.yaml`.
///
/// @param fields values by name; empty if the field is absent
record DescribedAction(ActionDescriptor what, Map<String, List<String>> fields) implements Action {
    static final int LONGEST_TITLE = 80;

    DescribedAction {
        fields = Map.copyOf(fields);
    }

    private ActionTemplate with(Destinations given) {
        return ActionTemplate.of(fields, given);
    }

    @Override
    public String name() {
        return what.name();
    }

    @Override
    public boolean ignoresEnvironment() {
        return what.run().isEmpty();
    }

    @Override
    public boolean runsCommit() {
        return what.runsCommit() || with(Destinations.NONE).has(what.runsCommitIf());
    }

    @Override
    public ReadFiles reads() {
        if (!what.writes().isEmpty()) {
            return ReadFiles.onTheWayTo(with(Destinations.NONE).text("{" + what.writes() + "}"));
        }
        return what.reads()
                .map(read -> read.map(with(Destinations.NONE)::text))
                .orElse(ReadFiles.ANY);
    }

    @Override
    public Map<String, String> declared() {
        return what.declares();
    }

    @Override
    public Optional<String> lacks(Destinations given) {
        String key = what.needs();
        return key.isEmpty() || with(given).has(key)
                ? Optional.empty()
                : Optional.of(key.startsWith("targets.") ? "repositories[]." + key : key);
    }

    @Override
    public List<String> places(Destinations given) {
        var template = with(given);
        var mirrors = lacks(given).isPresent() ? Stream.<String>of() : what.mirrors();
        return Stream.concat(mirrors, Stream.of(what.connects()))
                .filter(template::has)
                .map(name -> Texts.place(URI.create(template.text("{" + name + "}"))))
                .distinct()
                .toList();
    }

    @Override
    public List<Step> lower(StepContext context) {
        var template = with(context.destinations());
        String title = template.text(what.title());
        if (what.apart().isEmpty()) {
            var made = what.guest().stream().map(step -> step.step(template));
            var run =
                    what.run().stream()
                            .map(template::words)
                            .map(
                                    argv ->
                                            context.execute(
                                                    line(title.isEmpty() ? start(argv) : title),
                                                    argv));
            return Stream.concat(made, run).toList();
        }
        var script =
                lacks(context.destinations())
                        .map(key -> Script.refusal(name(), PlanPolicy.needs(key)))
                        .orElseGet(() -> script(title, template));
        return List.of(context.apart(script));
    }

    private Script script(String title, ActionTemplate template) {
        return Script.of(
                line(title.isEmpty() ? name() : title),
                what.script().isEmpty() ? name() : what.script(),
                template.words(what.apart()),
                template.text(what.stdin()));
    }

    /// Shows a script by its first words.
    private static String start(List<String> argv) {
        return argv.stream()
                .takeWhile(word -> word.indexOf('\n') < 0)
                .collect(Collectors.joining(" "));
    }

    private static String line(String title) {
        return SafeText.line(title, LONGEST_TITLE);
    }
}
