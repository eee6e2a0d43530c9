package airlock.metrics;

import airlock.event.Phase;
import airlock.event.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// Counts what happens while the server runs; counters begin at 0 with it, as Prometheus expects.
///
/// **Threads**: any; scrapes come one after the other. **Failures**: what `standing` throws.
public final class Meters {
    /// What [#scrape()] gives.
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /// Upper bounds, seconds: a phase takes parts of a second to hours.
    private static final double[] PHASES = {
        0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200
    };

    private static final double[] SWEEPS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final StandingGauges standing;
    private final Counter deliveries =
            registered(
                    Counter.builder()
                            .name("airlock_deliveries_total")
                            .help("Webhook requests that were answered.")
                            .labelNames("outcome"));
    private final Counter verdicts =
            registered(
                    Counter.builder()
                            .name("airlock_verdicts_total")
                            .help("Runs and requests that ended; a request ends with its last run.")
                            .labelNames("what", "verdict"));
    private final Histogram phases =
            registered(
                    Histogram.builder()
                            .name("airlock_phase_duration_seconds")
                            .help("From the start of a phase's VM to the end of the phase.")
                            .unit(Unit.SECONDS)
                            .classicOnly()
                            .classicUpperBounds(PHASES)
                            .labelNames("phase", "verdict"));
    private final Counter machines =
            registered(
                    Counter.builder()
                            .name("airlock_vm_starts_total")
                            .help("Virtual machines that were started."));
    private final Counter beginnings =
            registered(
                    Counter.builder()
                            .name("airlock_vm_beginnings_total")
                            .help("Virtual machines that ended, by what they began as.")
                            .labelNames("as"));
    private final Counter broken =
            registered(
                    Counter.builder()
                            .name("airlock_vm_broken_total")
                            .help("Virtual machines that broke without the guest's doing."));
    private final Histogram sweeps =
            registered(
                    Histogram.builder()
                            .name("airlock_sweep_duration_seconds")
                            .help("Comparing one repository with its forge.")
                            .unit(Unit.SECONDS)
                            .classicOnly()
                            .classicUpperBounds(SWEEPS)
                            .labelNames("outcome"));
    private final Counter findings =
            registered(
                    Counter.builder()
                            .name("airlock_sweep_requests_total")
                            .help("Requests that sweeps made, since no webhook told of them."));

    /// Makes all meters, each at 0.
    ///
    /// @param version of Airlock
    /// @param now asked at each scrape
    public Meters(String version, Supplier<Standing> now) {
        this.standing = new StandingGauges(registry, now);
        registered(
                        Info.builder()
                                .name("airlock_build_info")
                                .help("The version that runs; always 1.")
                                .labelNames("version"))
                .setLabelValues(version);
        for (var verdict : Verdict.values()) {
            for (var what : Ended.values()) {
                verdicts.initLabelValues(what.key(), verdict.key());
            }
        }
        for (var delivered : Delivered.values()) {
            deliveries.initLabelValues(delivered.key());
        }
    }

    private Counter registered(Counter.Builder builder) {
        return builder.register(registry);
    }

    private Histogram registered(Histogram.Builder builder) {
        return builder.register(registry);
    }

    private Info registered(Info.Builder builder) {
        return builder.register(registry);
    }

    /// How a webhook request was answered.
    public enum Delivered {
        /// It made a request.
        REQUESTED,
        /// It had made its request before.
        KNOWN,
        NOTHING_TO_DO,
        /// It is the sender's mistake: 4xx.
        REFUSED,
        /// It could not be kept: 503.
        UNAVAILABLE;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A webhook request was answered.
    public void delivered(Delivered outcome) {
        deliveries.labelValues(outcome.key()).inc();
    }

    /// What ended.
    public enum Ended {
        REQUEST,
        RUN;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A run or request ended.
    public void ended(Ended what, Verdict verdict) {
        verdicts.labelValues(what.key(), verdict.key()).inc();
    }

    /// A phase ended.
    ///
    /// @param took since the start of its VM
    public void phaseEnded(Phase phase, Verdict verdict, Duration took) {
        phases.labelValues(phase.key(), verdict.key()).observe(seconds(took));
    }

    /// A virtual machine was started.
    public void machineStarted() {
        machines.inc();
    }

    /// One ended.
    ///
    /// @param beginning `ready`, `clone` or `boot`
    public void machineEnded(String beginning) {
        beginnings.labelValues(beginning).inc();
    }

    /// One broke on the host's side.
    public void machineBroke() {
        broken.inc();
    }

    /// A repository was compared with its forge.
    ///
    /// @param requests how many it made
    /// @param whole whether nothing hindered it
    public void swept(Duration took, int requests, boolean whole) {
        sweeps.labelValues(whole ? "whole" : "hindered").observe(seconds(took));
        findings.inc(requests);
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toNanos() / 1e9);
    }

    /// All of it in the text format, version 0.0.4.
    public synchronized byte[] scrape() {
        standing.look();
        var text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing metrics into memory failed", e);
        }
        return text.toByteArray();
    }
}
