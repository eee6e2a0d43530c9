package airlock.phases;

import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.plan.Plan;
import airlock.results.PhaseKey;
import java.nio.file.Path;

/// One phase that is wanted.
///
/// @param key its place in the records
/// @param plan the run's plan
/// @param source the source tar; only read
/// @param settings the configuration's word on it
public record PhaseOrder(
        PhaseKey key,
        Plan plan,
        Path source,
        RepositoryId id,
        Subject subject,
        TrustClass trust,
        PhaseSettings settings) {
    /// Where its VM may connect to: what the operator lets, if the plan wants it.
    public PhaseNetwork network() {
        return PlanNetwork.of(this).network();
    }

    /// What it may use of the repository's secrets.
    public PhaseSecrets secrets() {
        return settings.secrets().of(phase(), trust);
    }

    /// The phase.
    public Phase phase() {
        return key.phase();
    }
}
