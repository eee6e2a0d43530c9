package airlock.phases;

import airlock.config.AllowedHost;
import airlock.config.NetworkConfig;
import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.plan.PhaseSteps;
import airlock.plan.ReadFiles;
import airlock.results.StrictTar;
import airlock.vm.BootFiles;
import airlock.vm.GuestLimits;
import airlock.vm.StepList;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A hash over all that decides what a run's pre_plan brings (docs/adr/0041): the very steps that
/// the guest would get, which have the actions' fields, `env`, mirrors and Airlock's own scripts in
/// them; the image; what the operator and the plan let it connect to; and the commit's files that
/// its actions read, or the whole source where that can't be told.
final class ReuseKey {
    /// Changes with what is written here.
    private static final String FORMAT = "airlock reuse 1";

    /// A source with more entries counts as a whole.
    private static final int MOST_ENTRIES = 200_000;

    private final MessageDigest sum;
    private final DataOutputStream out;

    private ReuseKey() {
        try {
            sum = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        out = new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sum));
    }

    /// 64 hexadecimal digits; empty where the guest would not take the steps.
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
        text(FORMAT);
        bytes(steps);
        text(order.image());
        for (Path file : List.of(boot.kernel(), boot.initramfs(), boot.disk())) {
            image(file);
        }
        network(order.settings().network());
        var wanted = order.plan().network().get(Phase.PRE_PLAN);
        out.writeBoolean(wanted != null);
        hosts(wanted == null ? List.of() : wanted);
        source(order.source(), order.plan().reads(Phase.PRE_PLAN));
        return HexFormat.of().formatHex(sum.digest());
    }

    /// The files of an image are never written to, so a new one is another file.
    private void image(Path file) throws IOException {
        text(file.toString());
        if (Files.exists(file)) {
            out.writeLong(Files.size(file));
            out.writeLong(Files.getLastModifiedTime(file).toMillis());
        }
    }

    /// The lists of all classes, so that one may have what another brought.
    private void network(NetworkConfig network) throws IOException {
        for (PhaseNetwork of : List.of(network.prePlan(), network.outside())) {
            text(of.mode().name());
            hosts(of.allow().hosts());
        }
        out.writeBoolean(network.outsideCode());
    }

    private void hosts(List<AllowedHost> hosts) throws IOException {
        out.writeInt(hosts.size());
        for (AllowedHost host : hosts) {
            text(host.toString());
        }
    }

    private void source(Path tar, ReadFiles read) throws IOException {
        if (!read.any()
                && StrictTar.list(tar, MOST_ENTRIES)
                        instanceof StrictTar.Listing.Entries(var entries)) {
            text("files");
            try (var channel = FileChannel.open(tar)) {
                for (StrictTar.Entry entry : entries) {
                    entry(entry, read, channel);
                }
            }
        } else {
            text("source");
            Files.copy(tar, out);
        }
    }

    /// Links are not followed, but one may stand where a file is wanted, or on the way to it.
    private void entry(StrictTar.Entry entry, ReadFiles read, FileChannel tar) throws IOException {
        boolean isLink = entry.kind() == StrictTar.Kind.LINK;
        if (!isLink && !read.has(entry.path())) {
            return;
        }
        text(entry.path());
        text(entry.kind().name());
        if (entry.kind() == StrictTar.Kind.FILE) {
            out.writeLong(entry.size());
            InputStream in = Channels.newInputStream(tar.position(entry.offset()));
            copy(in, entry.size());
        }
    }

    private void copy(InputStream in, long size) throws IOException {
        var buffer = new byte[1 << 16];
        long left = size;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new IOException("the source ends in the middle of a file");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private void text(String text) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
