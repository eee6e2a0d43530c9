package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.StepList;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problems;
import airlock.yaml.Report;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.util.List;
import java.util.Optional;

/// Reads plans; any bytes give a value.
public final class PlanReader {
    public static final int LARGEST = YamlLimits.HAND_WRITTEN.bytes();

    private final PlanPolicy word;

    /// Creates a reader that accepts all actions; those whose servers are missing fail when they
    /// run.
    public PlanReader() {
        this(PlanPolicy.UNKNOWN);
    }

    /// Creates a reader that refuses actions whose servers are missing.
    public PlanReader(Destinations given) {
        this(new PlanPolicy(Optional.of(given), Optional.empty(), true));
    }

    /// Creates a reader that applies the operator's rules.
    public PlanReader(PlanPolicy word) {
        this.word = word;
    }

    public PlanReading read(PlanPath path, byte[] bytes) {
        if (!path.mistake().isEmpty()) {
            return refuse(path, path.mistake());
        }
        return switch (read(path.file(), bytes, path.path())) {
            case PlanReading.Read(var plan, var warnings) ->
                    new PlanReading.Read(plan.named(path.name()), warnings);
            case PlanReading.Invalid invalid -> invalid;
            case PlanReading.Absent absent -> absent;
        };
    }

    public PlanReading read(PlanFile file, byte[] bytes) {
        return read(file, bytes, file.path());
    }

    /// Reads the bytes of `file`.
    ///
    /// @param called the file's name in problems
    public PlanReading read(PlanFile file, byte[] bytes, String called) {
        var problems = new Problems(called);
        Optional<Node> root = new YamlReader(YamlLimits.HAND_WRITTEN).read(bytes, problems.top());
        root.ifPresent(node -> ClearSecrets.warn(node, problems.top()));
        Optional<Plan> plan =
                root.flatMap(node -> PlanSettings.section(file, word).read(node, problems.top()))
                        .map(settings -> new Plan(Plan.MAIN, file, settings));
        plan.ifPresent(p -> checkSteps(p, problems));
        if (plan.isPresent() && problems.errors() == 0) {
            return new PlanReading.Read(plan.get(), problems.listWarnings());
        }
        return invalid(problems, bytes);
    }

    /// The outcome for a path that must not have a plan.
    ///
    /// @param why as a phrase that follows its path
    public PlanReading refuse(PlanPath path, String why) {
        var problems = new Problems(path.path());
        problems.top().error(why);
        return invalid(problems, new byte[0]);
    }

    private static PlanReading invalid(Problems problems, byte[] bytes) {
        var errors = problems.listErrors();
        return new PlanReading.Invalid(
                errors, problems.listWarnings(), new Report(bytes).of(errors));
    }

    /// Reads a plan from keys of another file.
    public Optional<Plan> read(PlanFile file, List<Node.Entry> entries, Place place) {
        ClearSecrets.warn(entries, place);
        return PlanSettings.section(file, word)
                .read(entries, place)
                .map(settings -> new Plan(Plan.MAIN, file, settings));
    }

    /// Each action is valid by itself; here all of a phase must fit into the guest's list.
    private static void checkSteps(Plan plan, Problems problems) {
        for (Phase phase : Phase.values()) {
            switch (StepList.encode(
                    PhaseSteps.of(plan, phase).checkingShells(plan, phase).all(),
                    GuestLimits.NONE)) {
                case StepList.Encoding.Encoded _ -> {}
                case StepList.Encoding.Refused refused ->
                        problems.top()
                                .key(phase.key(), Position.START)
                                .error("too much for one phase: " + refused.reason());
            }
        }
    }
}
