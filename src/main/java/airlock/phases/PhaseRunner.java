package airlock.phases;

import airlock.results.PhaseResult;
import airlock.results.RunLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Runs a phase in a VM. One that broke is tried once more when its [Patience] lets it, unless it
/// had begun to publish; a guest that vanishes twice while QEMU was healthy is the commit's fault.
///
/// **Threads**: any number of phases at once. **Failures**: none is thrown for what a guest, QEMU
/// or the host's disk does; [PhaseResult] has them all.
public final class PhaseRunner {
    /// Ends the name of an output's file until it is kept.
    static final String ON_ITS_WAY = ".new";

    private final PhaseParts parts;
    private final Patience patience;

    /// One whose second tries begin at once.
    public PhaseRunner(PhaseParts parts) {
        this(parts, Patience.NONE);
    }

    /// @param patience asked before a second try
    public PhaseRunner(PhaseParts parts, Patience patience) {
        this.parts = parts;
        this.patience = patience;
    }

    /// Removes the outputs that a killed server had taken from a VM and not kept yet: their phases
    /// run again. No phase may be running.
    public void removeLeftovers() {
        if (!Files.isDirectory(parts.work())) {
            return;
        }
        try (Stream<Path> files = Files.list(parts.work())) {
            for (Path file : files.filter(f -> f.toString().endsWith(ON_ITS_WAY)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot remove the outputs that a killed server left in " + parts.work(), e);
        }
    }

    /// Runs the phase and returns how it ended.
    public PhaseResult run(PhaseOrder order, RunLog log, PhaseWatch watch)
            throws InterruptedException {
        var reuse = new Reuse(parts, order, log);
        var key = reuse.key();
        if (key.isPresent() && watch.endsBecause().isEmpty() && reuse.has(key.get())) {
            return new PhaseResult.Passed();
        }
        var first = new PhaseAttempt(parts, order, key, log, watch).run();
        if (!(first.result() instanceof PhaseResult.Broke broke) || !broke.again()) {
            return first.result();
        }
        patience.await(() -> watch.endsBecause().isPresent());
        var ends = watch.endsBecause();
        if (ends.isPresent()) {
            return new PhaseResult.Cancelled(ends.get());
        }
        var second = new PhaseAttempt(parts, order, key, log, watch).run();
        return second.guestDied()
                ? new PhaseResult.Failed(second.result().reason())
                : second.result();
    }
}
