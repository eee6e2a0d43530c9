package airlock.phases;

import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.event.TrustClass;
import java.util.ArrayList;
import java.util.List;

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
                            List.of("no network: nothing is listed in %s".formatted(key(order))))
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
