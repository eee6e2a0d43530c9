package airlock.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Gauges of the server's current state. All values of one scrape are of the same state.
final class StandingGauges {
    private final PrometheusRegistry registry;
    private final Supplier<Standing> source;
    private volatile @Nullable Standing latest;

    StandingGauges(PrometheusRegistry registry, Supplier<Standing> source) {
        this.registry = registry;
        this.source = source;
        gauge(
                "airlock_requests",
                "Requests that are not yet runs.",
                to -> queued(to, now().requests()),
                "state");
        gauge("airlock_runs", "Runs that have not ended.", to -> queued(to, now().runs()), "state");
        gauge(
                "airlock_oldest_waiting_seconds",
                "How long the oldest one has waited; 0 if none waits.",
                to -> {
                    to.call(now().requests().oldest().toMillis() / 1000.0, "request");
                    to.call(now().runs().oldest().toMillis() / 1000.0, "run");
                },
                "what");
        gauge(
                "airlock_statuses",
                "Commit statuses that have not arrived at their forge.",
                to -> {
                    to.call((double) now().statuses().waiting(), "waiting");
                    to.call((double) now().statuses().paused(), "paused");
                    to.call((double) now().statuses().givenUp(), "given_up");
                },
                "state");
        addMachine();
        CounterWithCallback.builder()
                .name("airlock_store_work_total")
                .help("Reads and writes of the database.")
                .labelNames("kind")
                .callback(
                        to -> {
                            to.call((double) now().store().reads(), "read");
                            to.call((double) now().store().writes(), "write");
                        })
                .register(registry);
    }

    private void addMachine() {
        gauge(
                "airlock_disk_free_bytes",
                "Free space on the file system of the state directory.",
                to -> to.call((double) now().disk().free()));
        gauge(
                "airlock_disk_size_bytes",
                "Size of that file system.",
                to -> to.call((double) now().disk().size()));
        gauge(
                "airlock_vm_ready_clones",
                "Ready clones that wait for a phase.",
                to -> to.call((double) now().machines().ready()));
        gauge(
                "airlock_vm_problems",
                "Templates and ready clones discarded since start-up.",
                to -> to.call((double) now().machines().problems()));
    }

    private void gauge(
            String name,
            String help,
            Consumer<GaugeWithCallback.Callback> values,
            String... labels) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .callback(values)
                .register(registry);
    }

    private static void queued(GaugeWithCallback.Callback to, Standing.Queued queued) {
        to.call((double) queued.waiting(), "waiting");
        to.call((double) queued.worked(), "running");
    }

    /// Reads the state for the next scrape.
    void update() {
        latest = source.get();
    }

    private Standing now() {
        return Objects.requireNonNull(latest);
    }
}
