package airlock.plan;

import airlock.event.Phase;
import airlock.yaml.Key;
import java.util.stream.Collectors;

/// The table of all actions in docs/plans.md, written from the actions themselves.
public final class ActionTable {
    private ActionTable() {}

    /// Its text in Markdown.
    public static String text() {
        var table =
                new StringBuilder(
                        """
                        | action | what it does | fields | in Ambient's file | may run the commit's code |
                        | --- | --- | --- | --- | --- |
                        """);
        for (ActionKind kind : Actions.ALL) {
            table.append(
                    "| [`%1$s`](#%1$s) | %2$s | %3$s | %4$s | %5$s |\n"
                            .formatted(
                                    kind.name(),
                                    kind.fields().about(),
                                    fields(kind),
                                    phases(kind),
                                    kind.runsCommit() ? "yes" : "no"));
        }
        return table.toString();
    }

    private static String fields(ActionKind kind) {
        String all =
                kind.fields().keys().stream()
                        .map(
                                key ->
                                        switch (key.presence()) {
                                            case Key.Presence.Required<?> _ ->
                                                    "**`" + key.name() + "`**";
                                            case Key.Presence.Free<?> _,
                                                    Key.Presence.Default<?> _ ->
                                                    "`" + key.name() + "`";
                                        })
                        .collect(Collectors.joining(", "));
        return all.isEmpty() ? "–" : all;
    }

    private static String phases(ActionKind kind) {
        String all =
                kind.ambientPhases().stream()
                        .sorted()
                        .map(Phase::key)
                        .collect(Collectors.joining(", "));
        return all.isEmpty() ? "no" : all;
    }
}
