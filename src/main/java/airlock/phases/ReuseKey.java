package airlock.phases;

import airlock.config.AllowedHost;
import airlock.config.NetworkConfig;
import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.plan.PhaseSteps;
import airlock.plan.ReadFiles;
import airlock.vm.BootFiles;
import airlock.vm.StepList;
import airlock.vm.VmLimits.GuestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A hash over all that decides the result of a run's pre_plan (docs/adr/0041): the steps for the
/// guest, which include the actions' fields, `env`, mirrors and Airlock's own scripts; the image;
/// the network of operator and plan; and the commit's files that its actions read, or the whole
/// source if that is unknown.
final class ReuseKey {
    /// Must change with the format.
    private static final String FORMAT = "airlock reuse 1";

    private final SourceSum sum = new SourceSum();

    private ReuseKey() {}

    /// 64 hexadecimal digits; empty if the guest would not take the steps.
    static Optional<String> of(PhaseOrder order, PhaseParts.Images images) throws IOException {
        var steps =
                PhaseSteps.of(
                        order.plan(),
                        Phase.PRE_PLAN,
                        Optional.empty(),
                        order.settings().destinations(),
                        images.environment(order.image()));
        BootFiles boot = images.boot(order.image());
        return switch (StepList.encode(steps.all(), GuestLimits.NONE)) {
            case StepList.Encoding.Refused _ -> Optional.empty();
            case StepList.Encoding.Encoded(var bytes) ->
                    Optional.of(new ReuseKey().all(bytes, order, boot));
        };
    }

    private String all(byte[] steps, PhaseOrder order, BootFiles boot) throws IOException {
        sum.text(FORMAT).bytes(steps).text(order.image());
        for (Path file : List.of(boot.kernel(), boot.initramfs(), boot.disk())) {
            image(file);
        }
        network(order.settings().network());
        var wanted = order.plan().settings().network().prePlan();
        sum.number(wanted.isEmpty() ? 0 : 1);
        hosts(wanted.orElse(List.of()));
        source(order.source(), order.plan().reads(Phase.PRE_PLAN));
        return sum.hex();
    }

    /// Goes by path, length and time, since the files of an image are never changed.
    private void image(Path file) throws IOException {
        sum.text(file.toString());
        if (Files.exists(file)) {
            sum.number(Files.size(file)).number(Files.getLastModifiedTime(file).toMillis());
        }
    }

    /// Hashes the lists of all trust classes, so that they share results.
    private void network(NetworkConfig network) throws IOException {
        for (PhaseNetwork of : List.of(network.prePlan(), network.outside())) {
            sum.text(of.mode().name());
            hosts(of.allow().hosts());
        }
        sum.number(network.outsideCode() ? 1 : 0);
    }

    private void hosts(List<AllowedHost> hosts) throws IOException {
        sum.number(hosts.size());
        for (AllowedHost host : hosts) {
            sum.text(host.toString());
        }
    }

    /// Hashes links too, since one may be in place of a wanted file or its directory.
    private void source(Path tar, ReadFiles read) throws IOException {
        if (read.any()) {
            sum.whole(tar);
        } else {
            sum.of(tar, entry -> entry.isLink() || read.has(entry.path()));
        }
    }
}
