package airlock.phases;

import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.results.PhaseResult;
import airlock.results.RunLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// Runs a phase in a VM. If it broke, tries once more as soon as its [Patience] allows, unless it
/// had begun to publish. A guest that vanishes twice while QEMU is healthy is the commit's fault.
///
/// **Threads**: any number of phases at the same time. **Failures**: throws none for faults of a
/// guest, QEMU or the host's disk; [PhaseResult] covers them all.
public final class PhaseRunner {
    /// The extension of an output's file until it is kept.
    static final String ON_ITS_WAY = ".new";

    private final PhaseParts parts;
    private final Patience patience;

    /// Delays second tries of phases that broke.
    @FunctionalInterface
    public interface Patience {
        Patience NONE = _ -> {};

        /// Waits until it may be tried again, or `over` says that the run has ended.
        void await(BooleanSupplier over) throws InterruptedException;
    }

    public PhaseRunner(PhaseParts parts) {
        this(parts, Patience.NONE);
    }

    public PhaseRunner(PhaseParts parts, Patience patience) {
        this.parts = parts;
        this.patience = patience;
    }

    /// Whether a run of `trust` has `phase` at all (T2). [airlock.config.SecretsConfig#of] decides
    /// about its secrets.
    public static boolean mayRun(TrustClass trust, Phase phase) {
        return switch (trust) {
            case LISTED -> true;
            case INSIDE, OUTSIDE -> phase != Phase.POST_PLAN;
        };
    }

    /// Removes the outputs that a killed server had taken from a VM and not kept yet; their phases
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

    public PhaseResult run(PhaseOrder order, RunLog log, PhaseWatch watch)
            throws InterruptedException {
        var reuse = new Reuse(parts, order, log);
        var key = reuse.key();
        if (key.isPresent() && watch.endsBecause().isEmpty() && reuse.has(key.get())) {
            return PhaseResult.passed();
        }
        var first = new PhaseAttempt(parts, order, key, log, watch).run();
        if (!first.again()) {
            return first;
        }
        patience.await(() -> watch.endsBecause().isPresent());
        var ends = watch.endsBecause();
        if (ends.isPresent()) {
            return PhaseResult.cancelled(ends.get());
        }
        var second = new PhaseAttempt(parts, order, key, log, watch);
        var result = second.run();
        return second.guestDied() ? PhaseResult.failed(result.reason()) : result;
    }

    /// The claim of a run, as far as its phases need it.
    public interface PhaseWatch {
        /// Why the phase should end, if it should; asked about twice a second.
        Optional<String> endsBecause();

        /// Called when the VM is ready. True runs the commit's code; false ends the VM.
        boolean ready();
    }
}
