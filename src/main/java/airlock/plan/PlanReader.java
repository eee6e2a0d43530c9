package airlock.plan;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.GuestLimits;
import airlock.vm.StepList;
import airlock.yaml.Node;
import airlock.yaml.Place;
import airlock.yaml.Position;
import airlock.yaml.Problems;
import airlock.yaml.Report;
import airlock.yaml.YamlLimits;
import airlock.yaml.YamlReader;
import java.util.List;
import java.util.Optional;

/// Reads plans. Whatever the bytes are, it answers with a value.
public final class PlanReader {
    /// The largest plan file, in bytes.
    public static final int LARGEST = YamlLimits.HAND_WRITTEN.bytes();

    private final OperatorsWord word;

    /// One that takes every action, also what lacks something of the operator's: it fails when it
    /// is run.
    public PlanReader() {
        this(OperatorsWord.UNKNOWN);
    }

    /// One that refuses actions for which the operator has not given a server.
    public PlanReader(Destinations given) {
        this(new OperatorsWord(Optional.of(given), Optional.empty(), true));
    }

    /// One that refuses all that the operator does not let.
    public PlanReader(OperatorsWord word) {
        this.word = word;
    }

    /// Reads the bytes of the file at `path`.
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

    /// Reads the bytes of `file`.
    public PlanReading read(PlanFile file, byte[] bytes) {
        return read(file, bytes, file.path());
    }

    /// The same.
    ///
    /// @param called what the file is called in problems
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

    /// What stands at `path` is no plan.
    ///
    /// @param why as what follows its path
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

    /// The plan whose keys are `entries`, a part of another file.
    public Optional<Plan> read(PlanFile file, List<Node.Entry> entries, Place place) {
        ClearSecrets.warn(entries, place);
        return PlanSettings.section(file, word)
                .read(entries, place)
                .map(settings -> new Plan(Plan.MAIN, file, settings));
    }

    /// Each action fits for itself; here all of a phase have to fit into one list for the guest.
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
