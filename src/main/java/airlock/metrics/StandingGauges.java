package airlock.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/// What stands, as gauges that are set anew before each scrape, all from one look.
final class StandingGauges {
    private final Supplier<Standing> now;
    private volatile Standing.Store store = new Standing.Store(0, 0);
    private final Gauge requests;
    private final Gauge runs;
    private final Gauge oldest;
    private final Gauge statuses;
    private final Gauge free;
    private final Gauge size;
    private final Gauge ready;
    private final Gauge problems;

    StandingGauges(PrometheusRegistry registry, Supplier<Standing> now) {
        this.now = now;
        this.requests =
                gauge(registry, "airlock_requests", "Requests that are not yet runs.", "state");
        this.runs = gauge(registry, "airlock_runs", "Runs that have not ended.", "state");
        this.oldest =
                gauge(
                        registry,
                        "airlock_oldest_waiting_seconds",
                        "How long the oldest one has waited; 0 where none waits.",
                        "what");
        this.statuses =
                gauge(
                        registry,
                        "airlock_statuses",
                        "Commit statuses that have not arrived at their forge.",
                        "state");
        this.free =
                gauge(
                        registry,
                        "airlock_disk_free_bytes",
                        "Free space where the state directory is.");
        this.size = gauge(registry, "airlock_disk_size_bytes", "Size of the file system it is on.");
        this.ready =
                gauge(
                        registry,
                        "airlock_vm_ready_clones",
                        "Clones that wait for somebody who needs a virtual machine.");
        this.problems =
                gauge(
                        registry,
                        "airlock_vm_problems",
                        "Templates and ready clones that were no good since the start.");
        countStoreWork(registry);
    }

    private void countStoreWork(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("airlock_store_work_total")
                .help("Reads and writes that the database was asked for.")
                .labelNames("kind")
                .callback(
                        callback -> {
                            callback.call((double) store.reads(), "read");
                            callback.call((double) store.writes(), "write");
                        })
                .register(registry);
    }

    private static Gauge gauge(
            PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /// Sets all.
    void look() {
        var standing = now.get();
        queued(requests, "request", standing.requests());
        queued(runs, "run", standing.runs());
        statuses.labelValues("waiting").set((double) standing.statuses().waiting());
        statuses.labelValues("paused").set((double) standing.statuses().paused());
        statuses.labelValues("given_up").set((double) standing.statuses().givenUp());
        free.set((double) standing.disk().free());
        size.set((double) standing.disk().size());
        ready.set((double) standing.machines().ready());
        problems.set((double) standing.machines().problems());
        store = standing.store();
    }

    private void queued(Gauge gauge, String what, Standing.Queued queued) {
        gauge.labelValues("waiting").set((double) queued.waiting());
        gauge.labelValues("running").set((double) queued.worked());
        oldest.labelValues(what).set(queued.oldest().toMillis() / 1000.0);
    }
}
