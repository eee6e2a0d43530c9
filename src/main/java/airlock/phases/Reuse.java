package airlock.phases;

import airlock.event.Phase;
import airlock.results.KeyedBlobs;
import airlock.results.RunLog;
import airlock.vm.Drive;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a run skip its pre_plan, if its plan allows that and the resulting dependencies are kept
/// (docs/adr/0041).
final class Reuse {
    private static final Logger LOG = LoggerFactory.getLogger(Reuse.class);

    private final PhaseParts parts;
    private final PhaseOrder order;
    private final HostNotes notes;

    Reuse(PhaseParts parts, PhaseOrder order, RunLog log) {
        this.parts = parts;
        this.order = order;
        this.notes = new HostNotes(order.phase(), log, parts.clock());
    }

    /// The key of the phase's dependencies; empty if it is another phase, the plan does not allow
    /// reuse, or the operator forbids the phase.
    Optional<String> key() {
        if (order.phase() != Phase.PRE_PLAN
                || !order.plan().settings().reuse()
                || order.hindrance().isPresent()) {
            return Optional.empty();
        }
        try {
            return ReuseKey.of(order, parts.images());
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setCause(e).addKeyValue("run", order.key().run()).log("pre_plan is run");
            return Optional.empty();
        }
    }

    /// Gives the run the dependencies of `key`, if they are kept; then pre_plan counts as passed.
    boolean has(String key) {
        long room = PhaseVm.most(order, Drive.DEPENDENCIES);
        var found = parts.stores().blobs().keyed().take(order.key(), order.reader(), key, room);
        notes.add(found.map(this::taken).orElseGet(this::nothing));
        found.ifPresent(_ -> parts.stores().records().begun(order.key(), "", List.of()));
        return found.isPresent();
    }

    private String taken(KeyedBlobs.Found found) {
        return "pre_plan is not run: what it depends on is as it was at %s, and the dependencies of then are kept (%,d bytes, sha256 %s)"
                .formatted(
                        found.made().truncatedTo(ChronoUnit.SECONDS),
                        found.blob().bytes(),
                        found.blob().sha256());
    }

    private String nothing() {
        return "reuse: no dependencies are kept for "
                + (order.plan().reads(Phase.PRE_PLAN).any()
                        ? "this source, all of which pre_plan may read"
                        : "the files that pre_plan reads")
                + "; it is run";
    }
}
