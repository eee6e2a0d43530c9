package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// All that the guest program does in one phase.
///
/// Outputs are packed only where every step before has succeeded: a failed phase leaves its cache,
/// dependencies and artifacts as they were.
///
/// @param before makes the directories, unpacks the drives, sets ssh up
/// @param actions the user's actions, in order
/// @param after packs what the phase may write
public record PhaseSteps(List<Step> before, List<Step> actions, List<Step> after) {
    private static final int PUBLIC = 0755;
    private static final int PRIVATE = 0700;
    private static final String SSH_DIRECTORY = "/root/.ssh";

    /// Ambient's (reference/ambient.md, section 8): new hosts are accepted, and the key is the one
    /// on the secrets drive, if there is one.
    private static final String SSH_CONFIG =
            """
            Include /ci/secrets/ssh_config
            Host *
                StrictHostKeyChecking accept-new
                IdentityFile /ci/secrets/ssh_key
            """;

    public PhaseSteps {
        before = List.copyOf(before);
        actions = List.copyOf(actions);
        after = List.copyOf(after);
    }

    /// The steps of `phase` without a network.
    public static PhaseSteps of(Plan plan, Phase phase) {
        return of(plan, phase, Optional.empty(), Destinations.NONE);
    }

    /// Those on an image that says nothing of the environment.
    static PhaseSteps of(
            Plan plan, Phase phase, Optional<GuestNetwork> network, Destinations given) {
        return of(plan, phase, network, given, Map.of());
    }

    /// The steps of `phase`; empty where the plan has no actions for it, so that no VM is started.
    ///
    /// @param network what actions may connect to; empty where there is none
    /// @param given the servers that the operator has given to actions
    /// @param image the variables that the image's programs expect
    public static PhaseSteps of(
            Plan plan,
            Phase phase,
            Optional<GuestNetwork> network,
            Destinations given,
            Map<String, String> image) {
        List<Action> actions = plan.actionsOf(phase);
        if (actions.isEmpty()) {
            return new PhaseSteps(List.of(), List.of(), List.of());
        }
        String ssh = network.map(GuestNetwork::sshBefore).orElse("") + SSH_CONFIG;
        var before = new ArrayList<>(before(phase, ssh));
        network.ifPresent(to -> before.addAll(to.steps()));
        before.replaceAll(step -> step.at(Step.When.SET_UP));
        var context =
                network.map(GuestNetwork::context)
                        .orElse(StepContext.FIRST)
                        .on(image)
                        .with(plan.settings().env())
                        .with(declared(plan, phase));
        return new PhaseSteps(before, lowered(actions, context.given(given)), after(plan, phase));
    }

    /// The same where the image has shellcheck, which looks at what bash is to run.
    public PhaseSteps checkingShells(Plan plan, Phase phase) {
        var looking = ShellTexts.step(plan, phase);
        return new PhaseSteps(
                before, Stream.concat(looking.stream(), actions.stream()).toList(), after);
    }

    /// Whether an image with these packages can do that.
    public static boolean canCheckShells(Set<String> packages) {
        return packages.contains(ShellTexts.PACKAGE);
    }

    /// What a fresh machine does for a person: all that a phase's does before its actions.
    ///
    /// @param plan whose variables the person's shell has; empty for those of any action
    /// @param image the variables that the image's programs expect
    public static PhaseSteps forPerson(
            Phase phase, Optional<Plan> plan, Map<String, String> image) {
        var first = StepContext.FIRST.on(image);
        var actions =
                plan.map(
                                p ->
                                        lowered(
                                                p.actionsOf(phase),
                                                first.with(p.settings().env())
                                                        .with(declared(p, phase))))
                        .orElse(List.of());
        return new PhaseSteps(
                before(phase, SSH_CONFIG),
                List.of(),
                List.of(terminal(environment(actions, first), false)));
    }

    /// What a machine does for a person who is in it for its image's sake: nothing else, so that
    /// nothing else is on its disk afterwards, not even what the shell remembers.
    ///
    /// @param image the variables that the image's programs expect
    public static PhaseSteps onImage(Map<String, String> image) {
        var context = StepContext.FIRST.on(image).with(Map.of("HISTFILE", ""));
        return new PhaseSteps(
                List.of(), List.of(), List.of(terminal(context.environment(), false)));
    }

    /// The same; where a step fails, the guest then waits for a person.
    public PhaseSteps waitingForPerson() {
        return new PhaseSteps(
                before,
                actions,
                Stream.concat(
                                after.stream(),
                                Stream.of(terminal(environment(actions, StepContext.FIRST), true)))
                        .toList());
    }

    private static Step terminal(Map<String, String> environment, boolean onlyAfterFailure) {
        return new Step(
                "a person's shell",
                new GuestStep.Terminal(environment, onlyAfterFailure),
                onlyAfterFailure);
    }

    /// What the last program has, so that a person tries things as the plan would.
    private static Map<String, String> environment(List<Step> actions, StepContext otherwise) {
        return actions.reversed().stream()
                .map(Step::what)
                .filter(GuestStep.Execute.class::isInstance)
                .map(step -> ((GuestStep.Execute) step).environment())
                .findFirst()
                .orElse(otherwise.environment());
    }

    /// Whether a step, by its index, is a person's shell.
    public boolean isTerminal(int step) {
        var all = all();
        return step < all.size() && all.get(step).what() instanceof GuestStep.Terminal;
    }

    /// Whether there is nothing to do.
    public boolean isEmpty() {
        return before.isEmpty() && actions.isEmpty() && after.isEmpty();
    }

    /// The whole list as the guest gets it.
    public List<Step> all() {
        return Stream.of(before, actions, after).flatMap(List::stream).toList();
    }

    /// What the actions of pre_plan have set for those of plan, which runs only after all of them
    /// have succeeded. It is known from the plan alone: nothing of it is read out of a machine.
    private static Map<String, String> declared(Plan plan, Phase phase) {
        var all = new HashMap<String, String>();
        if (phase == Phase.PLAN) {
            plan.actionsOf(Phase.PRE_PLAN).forEach(action -> all.putAll(action.declared()));
        }
        return all;
    }

    private static List<Step> lowered(List<Action> actions, StepContext first) {
        var steps = new ArrayList<Step>();
        StepContext context = first;
        for (Action action : actions) {
            steps.addAll(action.lower(context));
            context = context.with(action.environment());
        }
        return steps;
    }

    private static List<Step> before(Phase phase, String sshConfig) {
        var steps = new ArrayList<Step>();
        steps.add(directory("/ci", PUBLIC));
        for (Drive drive : DriveRules.CARRIERS) {
            String directory = DriveRules.directory(drive);
            steps.add(directory(directory, drive == Drive.SECRETS ? PRIVATE : PUBLIC));
            if (DriveRules.isFilled(drive, phase)) {
                steps.add(
                        StepContext.plain(
                                "unpack " + DriveRules.word(drive),
                                new GuestStep.Unpack(
                                        drive.device(),
                                        directory,
                                        DriveRules.keepsLinksInside(drive, phase))));
            }
        }
        steps.add(directory("/ci/artifacts/debian", PUBLIC));
        steps.add(directory("/ci/artifacts/rsync", PUBLIC));
        steps.add(
                StepContext.plain(
                        "link /workspace to /ci", new GuestStep.Link("/ci", "/workspace")));
        steps.add(directory(SSH_DIRECTORY, PRIVATE));
        steps.add(
                StepContext.plain(
                        "set ssh up",
                        new GuestStep.WriteFile(SSH_DIRECTORY + "/config", 0600, sshConfig, true)));
        return steps;
    }

    private static List<Step> after(Plan plan, Phase phase) {
        Optional<Step> others =
                phase == Phase.PLAN
                        ? plan.settings()
                                .artifacts()
                                .script(DriveRules.directory(Drive.ARTIFACTS))
                                .map(StepContext.FIRST::apart)
                        : Optional.empty();
        return Stream.concat(others.stream(), packing(phase)).toList();
    }

    private static Stream<Step> packing(Phase phase) {
        return DriveRules.writable(phase).stream()
                .map(
                        drive ->
                                StepContext.plain(
                                        "pack " + DriveRules.word(drive),
                                        new GuestStep.Pack(
                                                DriveRules.directory(drive), drive.device())));
    }

    private static Step directory(String path, int mode) {
        return StepContext.plain(
                "make directory " + path, new GuestStep.MakeDirectory(path, mode, true));
    }
}
