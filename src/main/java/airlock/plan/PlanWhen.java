package airlock.plan;

import airlock.config.Glob;
import airlock.config.RefPattern;
import airlock.event.Subject;
import airlock.yaml.Scalars;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import airlock.yaml.Values;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The events that a plan is run for.
///
/// @param branches branches that are pushed to, and target branches of change requests; all if
///     empty
/// @param tags all if empty
/// @param paths one must match a changed file; any if empty
@Setting.Group(title = "when", about = "Which events it is run for.")
public record PlanWhen(
        @Setting(or = "[push, tag, change_request]", range = "1 to 3") Set<Event> events,
        @Setting(type = "branches", range = "1 to 100") Optional<List<RefPattern>> branches,
        @Setting(type = "tags", range = "1 to 100") Optional<List<RefPattern>> tags,
        // each is compared with all that was changed
        @Setting(type = "paths", range = "1 to 20") Optional<List<Glob>> paths)
        implements Setting.Checked {
    private static final String HEADS = "refs/heads/";

    public PlanWhen {
        events = Set.copyOf(events);
        branches = branches.map(List::copyOf);
        tags = tags.map(List::copyOf);
        paths = paths.map(List::copyOf);
    }

    static Type<RefPattern> patterns(String prefix) {
        return Scalars.TEXT.as(
                "a pattern for short names, such as release/* or v*",
                text -> {
                    if (text.isEmpty() || text.startsWith("refs/")) {
                        throw new IllegalArgumentException(
                                text.isEmpty() ? "empty" : "begins with refs/");
                    }
                    return RefPattern.of(prefix + text);
                });
    }

    /// A pattern for paths below an implied directory.
    static Type<Glob> path(String expected) {
        return Scalars.TEXT.as(expected, PlanWhen::glob);
    }

    private static Glob glob(String text) {
        if (text.startsWith("/") || text.startsWith("./") || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    text.endsWith("/") ? "ends in /; a folder is FOLDER/**" : "begins with / or .");
        }
        return new Glob(text);
    }

    @Override
    public void check(Values values) {
        boolean concernsBranches =
                events.contains(Event.PUSH) || events.contains(Event.CHANGE_REQUEST);
        String noBranches = "`events` has neither push nor change_request";
        warn(values, "tags", events.contains(Event.TAG), "`events` has no tag");
        warn(values, "branches", concernsBranches, noBranches);
        warn(values, "paths", concernsBranches, noBranches);
    }

    private static void warn(Values values, String key, boolean counts, String why) {
        if (values.isWritten(key) && !counts) {
            values.place(key).warning("never counts: " + why);
        }
    }

    public enum Event {
        PUSH,
        TAG,
        /// An opened or updated change request.
        CHANGE_REQUEST
    }

    /// What excludes `subject`, for people; empty if the plan is run. The name of a change
    /// request's own branch never counts, since its author chooses it.
    public Optional<String> leavesOut(Subject subject) {
        return switch (subject) {
            case Subject.Branch branch ->
                    leavesOut(Event.PUSH, "pushes to branches")
                            .or(
                                    () ->
                                            without(
                                                    branches,
                                                    branch.ref(),
                                                    "the branch " + branch.shortName()));
            case Subject.Tag tag ->
                    leavesOut(Event.TAG, "tags")
                            .or(() -> without(tags, tag.ref(), "the tag " + tag.shortName()));
            // like the change requests in it, so that it has the same contexts
            case Subject.Change _, Subject.MergeGroup _ ->
                    leavesOut(Event.CHANGE_REQUEST, "change requests")
                            .or(
                                    () ->
                                            without(
                                                    branches,
                                                    HEADS + subject.target(),
                                                    "change requests to " + subject.target()));
        };
    }

    /// Whether it depends on the changed files.
    public boolean asksForPaths() {
        return paths.isPresent();
    }

    /// Whether the changed files concern it. A change of the plan itself always does.
    ///
    /// @param changed paths from the top of the tree
    /// @param plan the plan's own path
    public boolean isConcernedBy(List<String> changed, String plan) {
        return changed.contains(plan)
                || paths.map(
                                list ->
                                        list.stream()
                                                .anyMatch(
                                                        p -> changed.stream().anyMatch(p::matches)))
                        .orElse(true);
    }

    private Optional<String> leavesOut(Event event, String words) {
        return events.contains(event) ? Optional.empty() : Optional.of(words);
    }

    private static Optional<String> without(
            Optional<List<RefPattern>> patterns, String ref, String words) {
        return patterns.filter(list -> list.stream().noneMatch(pattern -> pattern.matches(ref)))
                .map(_ -> words);
    }
}
