package airlock.plan;

import airlock.config.Glob;
import airlock.config.RefPattern;
import airlock.event.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which events a plan is run for.
///
/// @param branches those that are pushed to, and those that change requests want to get into; all
///     where it is empty
/// @param tags all where it is empty
/// @param paths of which one must fit something that was changed; anything where it is empty
public record PlanWhen(
        Set<Event> events,
        Optional<List<RefPattern>> branches,
        Optional<List<RefPattern>> tags,
        Optional<List<Glob>> paths) {
    private static final String HEADS = "refs/heads/";

    /// All of them.
    public static final PlanWhen ALWAYS =
            new PlanWhen(
                    Set.of(Event.values()), Optional.empty(), Optional.empty(), Optional.empty());

    public PlanWhen {
        events = Set.copyOf(events);
        branches = branches.map(List::copyOf);
        tags = tags.map(List::copyOf);
        paths = paths.map(List::copyOf);
    }

    /// What can happen to a repository.
    public enum Event {
        /// A push to a branch.
        PUSH,
        /// A pushed tag.
        TAG,
        /// A change request, opened or updated.
        CHANGE_REQUEST
    }

    /// What of it leaves `subject` out, for people; empty where the plan is run. The name of a
    /// change request's own branch never counts: whoever offers it chooses that.
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
            // as for the change requests in it, so that it has the contexts that they have
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

    /// Whether it asks what was changed.
    public boolean asksForPaths() {
        return paths.isPresent();
    }

    /// Whether what was changed concerns it. A change of the plan itself always does.
    ///
    /// @param changed from the top of the tree, `/` between names
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
