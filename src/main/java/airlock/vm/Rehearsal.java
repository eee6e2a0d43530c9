package airlock.vm;

import airlock.text.SafeText;
import airlock.vm.HostLine.Word;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.VmFiles.Port;
import airlock.vm.VmSpec.VmLimits;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// A trial phase of a template, and of a clone that is to wait: it does what every phase does, on
/// empty drives, and leaves nothing behind. The guest keeps in memory what it read, QEMU keeps what
/// it translated, and a clone that fails is found before a run relies on it.
final class Rehearsal {
    private static final String BASH = "bash";
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", PATH);

    /// Makes bash read more files.
    private static final Map<String, String> WITH_LOCALE =
            Map.of("PATH", PATH, "LC_ALL", "C.UTF-8");

    /// Resolves a name and connects, though no program listens there.
    private static final String CONNECTING = "{ : 3<>/dev/tcp/localhost/9; } 2>/dev/null || :";

    /// Reads a file and a program that nothing has read before; an image may lack either.
    private static final String FROM_DISK =
            "read -r _ </etc/group || :; /usr/bin/env || :; " + CONNECTING;

    private static final List<Drive> UNPACKED =
            List.of(Drive.SOURCE, Drive.DEPENDENCIES, Drive.CACHE, Drive.ARTIFACTS, Drive.SECRETS);
    private static final List<Drive> PACKED =
            List.of(Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES);

    private static final int STEPS = UNPACKED.size() + 2 + PACKED.size();

    private Rehearsal() {}

    /// The VM that becomes a template; afterwards its memory holds the parts of the system disk
    /// that every phase reads.
    static VmSpec templateSpec(String name, VmModel model, Path console) {
        return spec(name, model, console, CONNECTING, Duration.ofMinutes(1));
    }

    /// A clone, which also reads from the disk, so that QEMU has translated that too.
    static VmSpec cloneSpec(String name, VmModel model, Path console, Duration longest) {
        return spec(name, model, console, FROM_DISK, longest);
    }

    /// No content, and all drives writable that any phase may write: a rehearsal's outputs are
    /// thrown away.
    private static VmSpec spec(
            String name, VmModel model, Path console, String last, Duration longest) {
        return new VmSpec(
                name,
                model,
                steps(last),
                Map.of(),
                Set.copyOf(PACKED),
                console,
                VmLimits.standard(longest),
                Optional.empty());
    }

    private static List<Step> steps(String last) {
        var steps = new ArrayList<Step>();
        for (Drive drive : UNPACKED) {
            steps.add(step(new GuestStep.Unpack(drive.device(), drive.directory(), false)));
        }
        steps.add(shell(last, WITH_LOCALE));
        steps.add(shell("true", ENVIRONMENT));
        for (Drive drive : PACKED) {
            steps.add(
                    step(new GuestStep.Pack(drive.directory(), drive.device()))
                            .at(Step.When.ALWAYS));
        }
        return List.copyOf(steps);
    }

    private static Step shell(String text, Map<String, String> environment) {
        return step(
                new GuestStep.Execute(
                        List.of(BASH, "-c", "set -xeuo pipefail\n" + text),
                        environment,
                        Drive.SOURCE.directory(),
                        ""));
    }

    private static Step step(GuestStep what) {
        return new Step("rehearsal", what, false);
    }

    /// Runs the steps in a paused guest and pauses it again.
    static void run(QemuInstance qemu, Instant now, Duration limit)
            throws IOException, InterruptedException {
        qemu.monitor().run();
        run(qemu.channel(Port.LOG), now, limit);
        qemu.monitor().pause();
    }

    /// Runs the steps in a guest that waits at its gate, until it waits there again.
    static void run(SocketChannel log, Instant now, Duration limit)
            throws IOException, InterruptedException {
        Channels.newOutputStream(log).write(HostLine.fresh(Word.REHEARSE, now).encode());
        // one buffer, since the record after the last one may be in it
        var in = new BufferedInputStream(Channels.newInputStream(log));
        var _ =
                read(() -> rehearsed(in), limit, Optional::empty)
                        .orElseThrow(
                                () -> new QemuFailure("its rehearsal took longer than " + limit));
    }

    /// Reads from the log port, on a thread of its own, since the guest may never answer.
    ///
    /// @param hindrance why the guest will not answer, looked up each second
    /// @return empty if it took longer than `limit`
    static <T> Optional<T> read(
            Callable<T> reading, Duration limit, Supplier<Optional<String>> hindrance)
            throws QemuFailure, InterruptedException {
        var seen = new FutureTask<>(reading);
        Thread.ofVirtual().name("template-log").start(seen);
        for (long seconds = limit.toSeconds(); seconds > 0; seconds--) {
            try {
                return Optional.of(seen.get(1, TimeUnit.SECONDS));
            } catch (TimeoutException _) {
                var why = hindrance.get();
                if (why.isPresent()) {
                    throw new QemuFailure(why.orElseThrow());
                }
            } catch (ExecutionException e) {
                var cause = Objects.requireNonNull(e.getCause());
                throw new QemuFailure("its log: " + cause.getMessage());
            }
        }
        return Optional.empty();
    }

    /// Reads up to the record with which the guest waits at its gate again.
    private static GuestRecord rehearsed(InputStream in) throws IOException {
        var records = RecordReader.afterReady(in, STEPS);
        boolean lacksBash = false;
        while (true) {
            var record = records.next().orElseThrow(() -> new EOFException("it ended"));
            lacksBash |= record instanceof GuestRecord.StepEnded ended && isWithoutBash(ended);
            if (record instanceof GuestRecord.Broke(var detail, _)) {
                throw new ProtocolException("it broke: " + SafeText.line(detail, SafeText.SAID));
            }
            if (record instanceof GuestRecord.Finished(var passed, _, _)) {
                if (!passed && !lacksBash) {
                    throw new ProtocolException("a step of its rehearsal failed");
                }
                return ready(in);
            }
        }
    }

    static GuestRecord ready(InputStream in) throws IOException {
        return new RecordReader(in, 0)
                .next()
                .filter(GuestRecord.Ready.class::isInstance)
                .orElseThrow(() -> new EOFException("it is not at its gate"));
    }

    /// An image without bash rehearses the rest.
    private static boolean isWithoutBash(GuestRecord.StepEnded ended) {
        return ended.end() instanceof GuestRecord.StepEnd.Refused(var detail)
                && detail.startsWith("cannot start " + BASH + ": ");
    }
}
