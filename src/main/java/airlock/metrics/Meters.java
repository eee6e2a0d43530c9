package airlock.metrics;

import airlock.event.Phase;
import airlock.event.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
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
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The server's metrics. Counters begin at 0 when the server starts, as Prometheus expects.
///
/// **Threads**: any; one scrape at a time. **Failures**: a scrape throws what its state's source
/// throws.
public final class Meters {
    /// The media type of [#scrape()].
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    /// Upper bounds, seconds: phases take from less than a second to hours.
    private static final double[] PHASES = {
        0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200
    };

    private static final double[] SWEEPS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Supplier<Standing> now;

    /// That of the scrape, so that all its values are of the same state.
    private volatile @Nullable Standing latest;

    private final Counter deliveries =
            counter("airlock_deliveries_total", "Webhook requests that were answered.", "outcome");
    private final Counter verdicts =
            counter(
                    "airlock_verdicts_total",
                    "Runs and requests that ended; a request ends with its last run.",
                    "what",
                    "verdict");
    private final Histogram phases =
            histogram(
                    "airlock_phase_duration_seconds",
                    "From the start of a phase's VM to the end of the phase.",
                    PHASES,
                    "phase",
                    "verdict");
    private final Counter machines =
            counter("airlock_vm_starts_total", "Virtual machines that were started.");
    private final Counter beginnings =
            counter(
                    "airlock_vm_beginnings_total",
                    "Virtual machines that ended, by how they began.",
                    "as");
    private final Counter broken =
            counter("airlock_vm_broken_total", "Virtual machines that broke on the host's side.");
    private final Histogram sweeps =
            histogram(
                    "airlock_sweep_duration_seconds",
                    "Comparing one repository with its forge.",
                    SWEEPS,
                    "outcome");
    private final Counter findings =
            counter(
                    "airlock_sweep_requests_total",
                    "Requests that sweeps made, since no webhook had arrived.");

    /// @param now called for each scrape
    public Meters(String version, Supplier<Standing> now) {
        this.now = now;
        standingGauges();
        Info.builder()
                .name("airlock_build_info")
                .help("The version that runs; always 1.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
        for (var verdict : Verdict.values()) {
            for (var what : Ended.values()) {
                verdicts.initLabelValues(key(what), verdict.key());
            }
        }
        for (var delivered : Delivered.values()) {
            deliveries.initLabelValues(key(delivered));
        }
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(bounds)
                .labelNames(labels)
                .register(registry);
    }

    /// How a webhook request was answered.
    public enum Delivered {
        /// With a new request.
        REQUESTED,
        /// With the request that an earlier delivery made.
        KNOWN,
        NOTHING_TO_DO,
        /// The sender's mistake: 4xx.
        REFUSED,
        /// It could not be stored: 503.
        UNAVAILABLE
    }

    public void delivered(Delivered outcome) {
        deliveries.labelValues(key(outcome)).inc();
    }

    public enum Ended {
        REQUEST,
        RUN
    }

    public void ended(Ended what, Verdict verdict) {
        verdicts.labelValues(key(what), verdict.key()).inc();
    }

    /// Counts the end of a phase.
    ///
    /// @param took since the start of its VM
    public void phaseEnded(Phase phase, Verdict verdict, Duration took) {
        phases.labelValues(phase.key(), verdict.key()).observe(seconds(took));
    }

    public void machineStarted() {
        machines.inc();
    }

    /// Counts the end of a virtual machine.
    ///
    /// @param beginning `ready`, `clone` or `boot`
    public void machineEnded(String beginning) {
        beginnings.labelValues(beginning).inc();
    }

    public void machineBroke() {
        broken.inc();
    }

    /// Counts the sweep of a repository.
    public void swept(Duration took, int requests, boolean whole) {
        sweeps.labelValues(whole ? "whole" : "hindered").observe(seconds(took));
        findings.inc(requests);
    }

    private static String key(Enum<?> label) {
        return label.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toNanos() / 1e9);
    }

    /// All metrics in the text format, version 0.0.4.
    public synchronized byte[] scrape() {
        latest = now.get();
        var text = new ByteArrayOutputStream();
        try {
            writer.write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing metrics into memory failed", e);
        }
        return text.toByteArray();
    }

    private void standingGauges() {
        gauge(
                "airlock_requests",
                "Requests that are not yet runs.",
                "state",
                now -> queued(now.requests()));
        gauge("airlock_runs", "Runs that have not ended.", "state", now -> queued(now.runs()));
        gauge(
                "airlock_oldest_waiting_seconds",
                "How long the oldest one has waited; 0 if none waits.",
                "what",
                now ->
                        Map.of(
                                "request", seconds(now.requests().oldest()),
                                "run", seconds(now.runs().oldest())));
        gauge(
                "airlock_statuses",
                "Commit statuses that have not arrived at their forge.",
                "state",
                now ->
                        Map.of(
                                "waiting", now.statuses().waiting(),
                                "paused", now.statuses().paused(),
                                "given_up", now.statuses().givenUp()));
        machineGauges();
    }

    private void machineGauges() {
        gauge(
                "airlock_disk_free_bytes",
                "Free space on the file system of the state directory.",
                now -> now.disk().free());
        gauge("airlock_disk_size_bytes", "Size of that file system.", now -> now.disk().size());
        gauge(
                "airlock_vm_ready_clones",
                "Ready clones that wait for a phase.",
                now -> now.machines().ready());
        gauge(
                "airlock_vm_problems",
                "Templates and ready clones discarded since start-up.",
                now -> now.machines().problems());
        CounterWithCallback.builder()
                .name("airlock_store_work_total")
                .help("Reads and writes of the database.")
                .labelNames("kind")
                .callback(
                        to -> {
                            to.call((double) latest().store().reads(), "read");
                            to.call((double) latest().store().writes(), "write");
                        })
                .register(registry);
    }

    private static Map<String, Number> queued(Standing.Queued queued) {
        return Map.of("waiting", queued.waiting(), "running", queued.worked());
    }

    /// @param values by the value of `label`
    private void gauge(
            String name,
            String help,
            String label,
            Function<Standing, Map<String, ? extends Number>> values) {
        gauge(name, help)
                .labelNames(label)
                .callback(
                        to ->
                                values.apply(latest())
                                        .forEach((is, value) -> to.call(value.doubleValue(), is)))
                .register(registry);
    }

    private void gauge(String name, String help, ToDoubleFunction<Standing> value) {
        gauge(name, help).callback(to -> to.call(value.applyAsDouble(latest()))).register(registry);
    }

    private static GaugeWithCallback.Builder gauge(String name, String help) {
        return GaugeWithCallback.builder().name(name).help(help);
    }

    private Standing latest() {
        return Objects.requireNonNull(latest);
    }
}
