package airlock.phases;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PhaseNetwork;
import airlock.config.PhaseSecrets;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.plan.Plan;
import airlock.results.PhaseKey;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One phase to run.
///
/// @param source the source tar; only read
public record PhaseOrder(
        PhaseKey key,
        Plan plan,
        Path source,
        RepositoryId id,
        Subject subject,
        TrustClass trust,
        PhaseSettings settings) {
    /// The name of its VM's image: the plan's if it names one, else the repository's.
    public String image() {
        return plan.settings().image().orElse(settings.image());
    }

    Optional<String> hindrance() {
        boolean runsCode = phase() != Phase.PLAN && plan.runsCommit(phase());
        if (runsCode && !settings.rules().trustedCode()) {
            return Optional.of(
                    "%s may run what the commit's files say, which `trusted_code: false` in the configuration forbids"
                            .formatted(phase().key()));
        }
        return image().equals(settings.image()) || settings.rules().images().contains(image())
                ? Optional.empty()
                : Optional.of(
                        "the plan's image %s is not allowed here; the operator can add it to `images` of the repository"
                                .formatted(SafeText.quoted(image())));
    }

    public PhaseNetwork network() {
        return PlanNetwork.of(this).network();
    }

    public PhaseSecrets secrets() {
        return subject instanceof Subject.MergeGroup
                ? PhaseSecrets.NOTHING
                : settings.secrets().of(phase(), trust);
    }

    public Phase phase() {
        return key.phase();
    }

    /// The configuration of a repository for its VMs.
    ///
    /// @param defaultBranch whose outputs a run starts from if its own ref has none (T6)
    /// @param destinations the servers that actions publish to and fetch from
    public record PhaseSettings(
            String image,
            PlanRules rules,
            Limits limits,
            Subject.Branch defaultBranch,
            SecretsConfig secrets,
            NetworkConfig network,
            Destinations destinations) {}

    /// The operator's list, narrowed by the plan, and empty if code from outside may run.
    ///
    /// @param notes lines for the run's log
    record PlanNetwork(PhaseNetwork network, List<String> notes) {
        PlanNetwork {
            notes = List.copyOf(notes);
        }

        static PlanNetwork of(PhaseOrder order) {
            var config = order.settings().network();
            var granted = config.of(order.phase(), order.trust());
            if (granted.isNothing()) {
                return order.trust() == TrustClass.OUTSIDE && order.phase() != Phase.PLAN
                        ? new PlanNetwork(
                                granted,
                                List.of(
                                        "no network: nothing is listed in %s"
                                                .formatted(key(order))))
                        : wanted(order, granted);
            }
            boolean isCodeFromOutside =
                    order.trust() == TrustClass.OUTSIDE && order.plan().runsCommit(order.phase());
            if (isCodeFromOutside && !config.outsideCode()) {
                return new PlanNetwork(
                        PhaseNetwork.NOTHING,
                        List.of(
                                ("no network: %s may run code from outside; `outside_code: true` in"
                                                + " repositories[].network would allow it")
                                        .formatted(order.phase().key())));
            }
            return wanted(order, granted);
        }

        /// The key of a phase's list in the configuration.
        static String key(PhaseOrder order) {
            return "repositories[].network."
                    + (order.trust() == TrustClass.OUTSIDE
                            ? "outside"
                            : order.phase().key() + ".allow");
        }

        private static PlanNetwork wanted(PhaseOrder order, PhaseNetwork granted) {
            var asked = order.plan().settings().network().of(order.phase());
            if (asked.isEmpty()) {
                return new PlanNetwork(granted, List.of());
            }
            var wanted = asked.get();
            var notes = new ArrayList<String>();
            for (var entry : granted.beyond(wanted)) {
                notes.add(
                        "warning: the plan's network wants %s, which the list here does not let"
                                .formatted(entry));
            }
            return new PlanNetwork(granted.narrowed(wanted), notes);
        }
    }
}
