package airlock.plan;

import airlock.event.Phase;
import airlock.text.Shown;
import airlock.vm.Step;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// An action without fields that runs programs in `/ci/src`, one after the other.
///
/// @param commands program and arguments of each
record ProgramAction(String name, List<List<String>> commands) implements Action {
    private static final int LONGEST_TITLE = 80;

    ProgramAction {
        commands = List.copyOf(commands);
    }

    /// One of Ambient's actions for `plan`, which may run what the commit decides about.
    static ActionKind kind(String name, String meaning, List<List<String>> commands) {
        var action = new ProgramAction(name, commands);
        return new ActionKind(
                name,
                Set.of(Phase.PLAN),
                true,
                new Section<>(name, meaning, List.of(), _ -> action));
    }

    @Override
    public List<Step> lower(StepContext context) {
        return steps(context, commands);
    }

    static List<Step> steps(StepContext context, List<List<String>> commands) {
        return commands.stream().map(argv -> context.execute(title(argv), argv)).toList();
    }

    /// A script reads better by its first words than by its text.
    private static String title(List<String> argv) {
        Stream<String> words = argv.stream().takeWhile(word -> word.indexOf('\n') < 0);
        return Shown.line(
                words.reduce((some, next) -> some + " " + next).orElse(""), LONGEST_TITLE);
    }
}
