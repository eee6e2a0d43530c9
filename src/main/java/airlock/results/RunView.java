package airlock.results;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run as its own page shows it.
///
/// @param planFile the plan's file in the repository
/// @param phases those that were started, in the order of their start; a phase that was started
///     again is there twice
/// @param logRemoved when its log was removed to free space
/// @param waitsFor why it does not begin, for people; may be empty
/// @param keptUntil how long the machine of its failed phase stays, if it is kept
/// @param visits the people in its machines, the oldest first
public record RunView(
        RunHead head,
        String planFile,
        List<PhaseView> phases,
        Optional<Instant> logRemoved,
        String waitsFor,
        Optional<Instant> keptUntil,
        List<Visit> visits) {
    /// Bytes of a step or place without its texts.
    private static final int EACH = 250;

    public RunView {
        phases = List.copyOf(phases);
        visits = List.copyOf(visits);
    }

    /// What stood between its VMs and the host, for people; empty before the first one starts.
    /// If its phases differ in it, a line for each.
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

    /// About how many bytes it takes.
    public long memory() {
        long bytes = 0;
        for (var phase : phases) {
            for (var step : phase.steps()) {
                bytes += EACH + 2L * step.title().length();
            }
            for (var place : phase.places()) {
                bytes += EACH + 2L * (place.place().length() + place.reason().length());
            }
        }
        return bytes;
    }

    /// Why it ended so, or what it waits for; empty if there is nothing to say.
    public String reason() {
        return head.isOver() ? head.reason() : waitsFor;
    }

    /// The command that lets the operator into its failed machine, or into one like it; empty if
    /// nothing of it has failed.
    public String entrance() {
        return switch (head.mark()) {
            case FAILED, TIMED_OUT, BROKE ->
                    phases.isEmpty() ? "" : "airlock vm shell --run " + head.id();
            case QUEUED, RUNNING, NOT_RUN, PASSED, INVALID_PLAN, CANCELLED, SUPERSEDED -> "";
        };
    }
}
