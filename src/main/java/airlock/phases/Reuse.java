package airlock.phases;

import airlock.base.Hash;
import airlock.config.AllowedHost;
import airlock.config.PhaseNetwork;
import airlock.event.Phase;
import airlock.phases.PhaseRecorder.HostNotes;
import airlock.plan.PhaseSteps;
import airlock.results.Blobs;
import airlock.results.RunLog;
import airlock.results.StrictTar;
import airlock.vm.BootFiles;
import airlock.vm.Drive;
import airlock.vm.StepList;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a run skip its pre_plan, if its plan allows that and the resulting dependencies are kept
/// (docs/adr/0041).
final class Reuse {
    private static final Logger LOG = LoggerFactory.getLogger(Reuse.class);

    /// Must change with what is hashed.
    private static final String FORMAT = "airlock reuse 1";

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
            return key(order, parts.images());
        } catch (IOException | RuntimeException e) {
            LOG.atWarn().setCause(e).addKeyValue("run", order.key().run()).log("pre_plan is run");
            return Optional.empty();
        }
    }

    /// Gives the run the dependencies of `key`, if they are kept; then pre_plan counts as passed.
    boolean has(String key) {
        long room = PhaseVm.most(order, Drive.DEPENDENCIES);
        var found =
                parts.stores()
                        .blobs()
                        .take(order.key(), order.settings().defaultBranch(), key, room);
        notes.add(found.map(this::taken).orElseGet(this::nothing));
        found.ifPresent(_ -> parts.stores().records().begun(order.key(), "", List.of()));
        return found.isPresent();
    }

    private String taken(Blobs.Found found) {
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

    /// A hash over all that decides the result of a run's pre_plan: the steps for the guest, which
    /// include the actions' fields, `env`, mirrors and Airlock's own scripts; the image; the
    /// network of operator and plan; and the commit's files that its actions read, or the whole
    /// source if that is unknown. Empty if the guest would not take the steps.
    static Optional<String> key(PhaseOrder order, PhaseParts.Images images) throws IOException {
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
            case StepList.Encoding.Encoded(var bytes) -> Optional.of(all(bytes, order, boot));
        };
    }

    private static String all(byte[] steps, PhaseOrder order, BootFiles boot) throws IOException {
        var sum = new SourceSum().text(FORMAT).bytes(steps).text(order.image());
        // an image goes by path, length and time, since its files are never changed
        for (Path file : List.of(boot.kernel(), boot.initramfs(), boot.disk())) {
            sum.text(file.toString());
            if (Files.exists(file)) {
                sum.number(Files.size(file)).number(Files.getLastModifiedTime(file).toMillis());
            }
        }
        // the lists of all trust classes, so that they share results
        var network = order.settings().network();
        for (PhaseNetwork of : List.of(network.prePlan(), network.outside())) {
            hosts(sum.text(of.mode().name()), of.allow().hosts());
        }
        sum.number(network.outsideCode() ? 1 : 0);
        var wanted = order.plan().settings().network().prePlan();
        hosts(sum.number(wanted.isEmpty() ? 0 : 1), wanted.orElse(List.of()));
        var read = order.plan().reads(Phase.PRE_PLAN);
        return read.any()
                ? sum.whole(order.source()).hex()
                // links too, since one may be in place of a wanted file or its directory
                : sum.of(order.source(), entry -> entry.isLink() || read.has(entry.path())).hex();
    }

    private static void hosts(SourceSum sum, List<AllowedHost> hosts) {
        sum.number(hosts.size());
        for (AllowedHost host : hosts) {
            sum.text(host.toString());
        }
    }

    /// A SHA-256 over parts, each with its length, so that their boundaries count.
    static final class SourceSum {
        /// A source with more entries counts as a whole.
        private static final int MOST_ENTRIES = 200_000;

        private final Hash sum = Hash.sha256();

        /// 64 hexadecimal digits; must be called last.
        String hex() {
            return sum.hex();
        }

        SourceSum text(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        SourceSum bytes(byte[] bytes) {
            sum.add(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip()).add(bytes);
            return this;
        }

        SourceSum number(long number) {
            sum.add(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
            return this;
        }

        SourceSum whole(Path tar) throws IOException {
            text("source");
            number(Files.size(tar));
            sum.add(tar, _ -> {});
            return this;
        }

        /// Adds the wanted entries of a source with their names, kinds and contents; the whole
        /// source if it can't be read.
        SourceSum of(Path tar, Predicate<StrictTar.Entry> wanted) throws IOException {
            if (!StrictTar.walk(tar, MOST_ENTRIES, _ -> {}).isEmpty()) {
                return whole(tar);
            }
            text("files");
            try (var channel = FileChannel.open(tar)) {
                StrictTar.walk(tar, MOST_ENTRIES, entry -> addIf(wanted, entry, channel));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return this;
        }

        private void addIf(
                Predicate<StrictTar.Entry> wanted, StrictTar.Entry entry, FileChannel tar) {
            try {
                if (wanted.test(entry)) {
                    add(entry, tar);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void add(StrictTar.Entry entry, FileChannel tar) throws IOException {
            text(entry.path());
            text(entry.kind().name());
            if (entry.kind() == StrictTar.Kind.FILE) {
                number(entry.size());
                copy(Channels.newInputStream(tar.position(entry.offset())), entry.size());
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
                sum.add(buffer, 0, read);
                left -= read;
            }
        }
    }
}
