package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An action of a plan, with its fields. [ActionKind] says how plan files write it; [Actions] lists
/// all.
public interface Action {
    String name();

    /// The guest's steps, in order; a failing step ends the phase.
    List<Step> lower(StepContext context);

    /// Whether the plan's environment has no influence on it.
    default boolean ignoresEnvironment() {
        return false;
    }

    /// A key of the configuration that it needs and the operator has not set, such as
    /// `mirrors.npm`.
    default Optional<String> lacks(Destinations given) {
        return Optional.empty();
    }

    /// Whether it may run code of the commit.
    default boolean runsCommit() {
        return Actions.find(name()).map(ActionKind::runsCommit).orElse(true);
    }

    /// The commit's files that its result depends on, if it does not run code of the commit.
    default ReadFiles reads() {
        return ReadFiles.ANY;
    }

    /// Variables of the secrets drive that it reads.
    default List<String> secrets() {
        return List.of();
    }

    /// Places that it certainly connects to, as `HOST:PORT`.
    default List<String> places(Destinations given) {
        return List.of();
    }

    /// The plan file's text that it passes to bash.
    default Optional<String> bashText() {
        return Optional.empty();
    }

    /// Warnings for people: probable mistakes, and uses that work only in Airlock.
    default List<String> remarks() {
        return List.of();
    }

    /// Variables that it sets in pre_plan for the actions of plan, once it has succeeded.
    default Map<String, String> declared() {
        return Map.of();
    }

    /// Variables that it sets for later actions of its phase.
    default Map<String, String> environment() {
        return Map.of();
    }
}
