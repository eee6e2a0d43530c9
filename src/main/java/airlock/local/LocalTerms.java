package airlock.local;

import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.config.UpstreamProxy;
import airlock.event.TrustClass;
import airlock.phases.PhaseSettings;
import airlock.plan.Plan;
import airlock.results.Blob;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a run without a forge is run with.
///
/// @param trust its class: only a listed one has a post_plan
/// @param upstream the proxy behind which this machine's network ends
/// @param ports on which Airlock itself listens, where no VM may go
/// @param earlier what the last run left, by its name; the files are moved
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

    /// Those of a person's own checkout: no secrets, and whatever image the plan names.
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
