package airlock.run;

import airlock.event.Phase;
import airlock.phases.PhaseWatch;
import airlock.queue.ClaimedRun;
import airlock.queue.Claims;
import java.util.Optional;

/// Ends a phase when its run is cancelled, superseded or lost, and starts no VM's work for a claim
/// that has ended.
record ClaimWatch(Claims claims, ClaimedRun run, Phase phase) implements PhaseWatch {
    @Override
    public Optional<String> endsBecause() {
        return switch (claims.beat(run)) {
            case Claims.Beat.GoOn _ -> Optional.empty();
            case Claims.Beat.End end -> Optional.of(end.reason());
            case Claims.Beat.Lost _ -> Optional.of("the run is no longer this worker's");
        };
    }

    @Override
    public boolean ready() {
        return phase == Phase.POST_PLAN
                ? claims.publishing(run)
                : claims.beat(run) instanceof Claims.Beat.GoOn;
    }
}
