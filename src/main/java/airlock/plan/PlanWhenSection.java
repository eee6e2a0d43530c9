package airlock.plan;

import airlock.config.Glob;
import airlock.config.RefPattern;
import airlock.plan.PlanWhen.Event;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The `when` of a plan file.
final class PlanWhenSection {
    private static final int MOST_PATTERNS = 100;
    private static final Key<List<Event>> EVENTS =
            Key.or(
                    "events",
                    Compounds.list(
                            Scalars.choice(List.of(Event.values()), PlanWhenSection::word),
                            1,
                            Event.values().length),
                    List.of(Event.values()),
                    "[push, tag, change_request]",
                    "");
    private static final Key<List<RefPattern>> BRANCHES = patterns("branches", "refs/heads/");
    private static final Key<List<RefPattern>> TAGS = patterns("tags", "refs/tags/");
    /// Each is compared with all that was changed.
    private static final int MOST_PATHS = 20;

    private static final Key<List<Glob>> PATHS =
            Key.free(
                    "paths",
                    Compounds.list(
                            Scalars.TEXT.as(
                                    "a pattern for paths from the top of the tree, such as src/**",
                                    PlanWhenSection::path),
                            1,
                            MOST_PATHS),
                    "anything",
                    "");

    private PlanWhenSection() {}

    /// A pattern for paths that begin at a directory which goes without saying.
    static Glob path(String text) {
        if (text.startsWith("/") || text.startsWith("./") || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    text.endsWith("/") ? "ends in /; a folder is FOLDER/**" : "begins with / or .");
        }
        return new Glob(text);
    }

    private static String word(Event event) {
        return event.name().toLowerCase(Locale.ROOT);
    }

    private static Key<List<RefPattern>> patterns(String name, String prefix) {
        Type<RefPattern> pattern =
                Scalars.TEXT.as(
                        "a pattern for short names, such as release/* or v*",
                        text -> {
                            if (text.isEmpty() || text.startsWith("refs/")) {
                                throw new IllegalArgumentException(
                                        text.isEmpty() ? "empty" : "begins with refs/");
                            }
                            return RefPattern.of(prefix + text);
                        });
        return Key.free(name, Compounds.list(pattern, 1, MOST_PATTERNS), "all", "");
    }

    static Section<PlanWhen> section() {
        return new Section<>(
                "when",
                "Which events it is run for.",
                List.of(EVENTS, BRANCHES, TAGS, PATHS),
                PlanWhenSection::make);
    }

    private static PlanWhen make(Values values) {
        var events = Set.copyOf(values.get(EVENTS));
        warn(values, TAGS, events.contains(Event.TAG), "`events` has no tag");
        warn(
                values,
                BRANCHES,
                events.contains(Event.PUSH) || events.contains(Event.CHANGE_REQUEST),
                "`events` has neither push nor change_request");
        warn(
                values,
                PATHS,
                events.contains(Event.PUSH) || events.contains(Event.CHANGE_REQUEST),
                "`events` has neither push nor change_request");
        return new PlanWhen(events, values.find(BRANCHES), values.find(TAGS), values.find(PATHS));
    }

    private static void warn(Values values, Key<?> key, boolean counts, String why) {
        if (values.isWritten(key) && !counts) {
            values.place(key).warning("never counts: " + why);
        }
    }
}
