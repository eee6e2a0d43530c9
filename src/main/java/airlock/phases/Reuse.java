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

/// Has a run whose plan allows it go on without its pre_plan, where what that would bring is kept
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

    /// By what the phase's dependencies are found again; empty where they are not, since it is
    /// another phase, the plan does not allow it, or the operator forbids the phase as it is.
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

    /// Whether the run has the dependencies of `key` from now on, and pre_plan counts as passed
    /// without a machine.
    boolean has(String key) {
        long room = PhaseVm.most(order, Drive.DEPENDENCIES);
        var found = parts.blobs().keyed().take(order.key(), order.reader(), key, room);
        notes.add(found.map(this::taken).orElseGet(this::nothing));
        found.ifPresent(_ -> parts.records().begun(order.key(), "", List.of()));
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
