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

/// All steps of the guest program in one phase.
///
/// Outputs are packed only if all steps before have succeeded: a failed phase leaves its cache,
/// dependencies and artifacts unchanged.
///
/// @param before makes the directories, unpacks the drives, sets ssh up
/// @param after packs the outputs
public record PhaseSteps(List<Step> before, List<Step> actions, List<Step> after) {
    private static final int PUBLIC = 0755;
    private static final int PRIVATE = 0700;
    /// Debian's package, its program, and our script.
    private static final String SHELLCHECK = "shellcheck";

    /// Characters of all texts of a phase; the rest is not checked.
    private static final int MOST_SHELL_TEXT = 256 << 10;
    private static final String SSH_DIRECTORY = "/root/.ssh";

    /// As in Ambient (reference/ambient.md, section 8): new hosts are accepted, and the key is the
    /// one on the secrets drive, if any.
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

    public static PhaseSteps of(Plan plan, Phase phase) {
        return of(plan, phase, Optional.empty(), Destinations.NONE, Map.of());
    }

    /// The steps of `phase`; empty if the plan has no actions for it, so that no VM is started.
    ///
    /// @param network the network of the phase, if it has one
    /// @param given the operator's servers
    /// @param image the variables of the image
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

    /// Adds a check by shellcheck, which the image must have.
    public PhaseSteps checkingShells(Plan plan, Phase phase) {
        var looking = shellcheck(plan, phase);
        return new PhaseSteps(
                before, Stream.concat(looking.stream(), actions.stream()).toList(), after);
    }

    /// The step that has the image's shellcheck(1) look at the phase's texts for bash. It reads
    /// what that phase runs anyway, in the same VM, and its findings are advice (H6).
    private static Optional<Step> shellcheck(Plan plan, Phase phase) {
        var stdin = new StringBuilder();
        int number = 0;
        for (Action action : plan.actionsOf(phase)) {
            String text = action.bashText().orElse("");
            if (!text.isEmpty() && stdin.length() + text.length() < MOST_SHELL_TEXT) {
                stdin.append("%s[%d].shell".formatted(phase.key(), number)).append('\0');
                stdin.append(text).append('\0');
            }
            number++;
        }
        return stdin.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        StepContext.FIRST.apart(
                                Script.of(
                                        "look at shell actions with shellcheck",
                                        SHELLCHECK,
                                        List.of(),
                                        stdin.toString())));
    }

    /// Whether an image with these packages has shellcheck.
    public static boolean canCheckShells(Set<String> packages) {
        return packages.contains(SHELLCHECK);
    }

    /// The steps of a fresh VM for a person: all that come before a phase's actions.
    ///
    /// @param plan the shell gets the variables of its last action; without it, those of any action
    /// @param image the variables of the image
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

    /// The steps of a VM in which a person changes the image: nothing else may write to its disk,
    /// not even the shell's history.
    ///
    /// @param image the variables of the image
    public static PhaseSteps onImage(Map<String, String> image) {
        var context = StepContext.FIRST.on(image).with(Map.of("HISTFILE", ""));
        return new PhaseSteps(
                List.of(), List.of(), List.of(terminal(context.environment(), false)));
    }

    /// Lets the guest wait for a person after a failed step.
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

    /// The environment of the last program, so that a person can try things as in the plan.
    private static Map<String, String> environment(List<Step> actions, StepContext otherwise) {
        return actions.reversed().stream()
                .map(Step::what)
                .filter(GuestStep.Execute.class::isInstance)
                .map(step -> ((GuestStep.Execute) step).environment())
                .findFirst()
                .orElse(otherwise.environment());
    }

    public boolean isTerminal(int step) {
        var all = all();
        return step < all.size() && all.get(step).what() instanceof GuestStep.Terminal;
    }

    public boolean isEmpty() {
        return before.isEmpty() && actions.isEmpty() && after.isEmpty();
    }

    public List<Step> all() {
        return Stream.of(before, actions, after).flatMap(List::stream).toList();
    }

    /// Variables that pre_plan sets for plan, which runs only if all of pre_plan has succeeded. The
    /// plan alone determines them: nothing is read from a VM.
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
            String directory = drive.directory();
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
                                .script(Drive.ARTIFACTS.directory())
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
                                        new GuestStep.Pack(drive.directory(), drive.device())));
    }

    private static Step directory(String path, int mode) {
        return StepContext.plain(
                "make directory " + path, new GuestStep.MakeDirectory(path, mode, true));
    }
}
