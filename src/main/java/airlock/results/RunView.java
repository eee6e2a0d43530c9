package airlock.results;

import airlock.event.Phase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run with all its details.
///
/// @param phases that were started, in order; a phase that was started again is there twice
/// @param logRemoved when its log was removed to free space
/// @param waitsFor why it does not start, for people; may be empty
/// @param keptUntil how long the VM of its failed phase stays, if it is kept
/// @param visits of people to its VMs, oldest first
public record RunView(
        RunHead head,
        String planFile,
        List<PhaseView> phases,
        Optional<Instant> logRemoved,
        String waitsFor,
        Optional<Instant> keptUntil,
        List<Visit> visits) {
    /// Bytes of a step or place without its texts.
    private static final int OVERHEAD = 250;

    public RunView {
        phases = List.copyOf(phases);
        visits = List.copyOf(visits);
    }

    /// The isolation of its VMs from the host, for people; empty before the first VM starts. One
    /// line for each phase if they differ.
    public String isolation() {
        var started = phases.stream().filter(phase -> !phase.isolation().isEmpty()).toList();
        var texts = started.stream().map(PhaseView::isolation).distinct().toList();
        return texts.size() < 2
                ? String.join("", texts)
                : started.stream()
                        .map(phase -> phase.phase().key() + ": " + phase.isolation())
                        .distinct()
                        .collect(Collectors.joining("\n"));
    }

    public Map<StepKey, StepView> steps() {
        var steps = new LinkedHashMap<StepKey, StepView>();
        for (var phase : phases) {
            for (var step : phase.steps()) {
                steps.put(new StepKey(phase.phase(), phase.attempt(), step.number()), step);
            }
        }
        return steps;
    }

    /// Estimated size in memory, bytes.
    public long memory() {
        long bytes = 0;
        for (var phase : phases) {
            for (var step : phase.steps()) {
                bytes += OVERHEAD + 2L * step.title().length();
            }
            for (var place : phase.places()) {
                bytes += OVERHEAD + 2L * (place.place().length() + place.reason().length());
            }
        }
        return bytes;
    }

    public String reason() {
        return head.isOver() ? head.reason() : waitsFor;
    }

    /// The command with which the operator enters its failed VM, or one like it; empty if it has
    /// not failed.
    public String entrance() {
        return switch (head.mark()) {
            case FAILED, TIMED_OUT, BROKE ->
                    phases.isEmpty() ? "" : "airlock vm shell --run " + head.id();
            case QUEUED, RUNNING, NOT_RUN, PASSED, INVALID_PLAN, CANCELLED, SUPERSEDED -> "";
        };
    }

    /// A person's visit to a VM of a run.
    ///
    /// @param kept whether it was the phase's own VM; else a fresh one with the same inputs
    /// @param who a user name on the server's machine
    /// @param ending such as `exited with 0`; empty while the person is in
    public record Visit(
            Phase phase,
            boolean kept,
            String who,
            Instant began,
            Optional<Instant> ended,
            String ending) {}
}
