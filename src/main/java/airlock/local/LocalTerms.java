package airlock.local;

import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.config.UpstreamProxy;
import airlock.event.TrustClass;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.plan.Plan;
import airlock.results.Blob;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Settings of a run without a forge.
///
/// @param trust only listed refs have a post_plan
/// @param upstream the proxy that connections go through
/// @param ports of Airlock itself, which VMs must not reach
/// @param earlier outputs of the last run by name; the files are moved
record LocalTerms(
        TrustClass trust,
        PhaseSettings settings,
        Optional<UpstreamProxy> upstream,
        Set<Integer> ports,
        Map<String, Blob> earlier) {
    LocalTerms {
        ports = Set.copyOf(ports);
        earlier = Map.copyOf(earlier);
    }

    /// For a person's checkout: no secrets, and any image that the plan names.
    static LocalTerms ofCheckout(Plan plan, LocalSettings settings) {
        return new LocalTerms(
                TrustClass.INSIDE,
                new PhaseSettings(
                        settings.image(plan),
                        PlanRules.STANDARD,
                        settings.limits(),
                        LocalConductor.BRANCH,
                        SecretsConfig.NOTHING,
                        settings.network(),
                        settings.config().destinations()),
                settings.config().upstreamProxy(),
                Set.of(),
                Map.of());
    }
}
