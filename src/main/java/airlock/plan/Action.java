package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One action of a plan, with its fields. Each kind is a file of its own, which also says how plan
/// files write it ([ActionKind]); [Actions] lists them.
public interface Action {
    /// What plan files call it.
    String name();

    /// What the guest has to do for it, in order; every step stops the phase where it fails.
    List<Step> lower(StepContext context);

    /// Whether nothing reaches it that the plan's environment says.
    default boolean ignoresEnvironment() {
        return false;
    }

    /// The key of the configuration that it needs and the operator has not set, such as
    /// `mirrors.npm`; empty where nothing is missing.
    default Optional<String> lacks(Destinations given) {
        return Optional.empty();
    }

    /// Whether it may run what the commit's files decide about.
    default boolean runsCommit() {
        return Actions.find(name()).map(ActionKind::runsCommit).orElse(true);
    }

    /// The commit's files that decide what it brings, where it does not run what they say.
    default ReadFiles reads() {
        return ReadFiles.ANY;
    }

    /// The variables of the secrets drive that it reads.
    default List<String> secrets() {
        return List.of();
    }

    /// Places that it is certain to connect to, `HOST:PORT` each.
    default List<String> places(Destinations given) {
        return List.of();
    }

    /// What it has bash run; empty where nothing of the plan file's is.
    default Optional<String> bashText() {
        return Optional.empty();
    }

    /// What is probably not meant, or works nowhere else; for people.
    default List<String> remarks() {
        return List.of();
    }

    /// What it sets in pre_plan for the actions of plan, once it has succeeded.
    default Map<String, String> declared() {
        return Map.of();
    }

    /// What it sets for the later actions of its phase.
    default Map<String, String> environment() {
        return Map.of();
    }
}
