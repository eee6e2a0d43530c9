package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;

/// VMs of a host that is to be tested, and what they told.
abstract class VmFixture {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8");

    @TempDir Path directory;
    private final List<GuestRecord> records = new CopyOnWriteArrayList<>();

    abstract VmHost host();

    /// Kernel, disk and so on; the double looks at none of it.
    abstract BootFiles boot();

    static Step shell(String... lines) {
        return new Step(
                "shell",
                new GuestStep.Execute(
                        List.of("bash", "-s"), ENVIRONMENT, "/ci/src", String.join("\n", lines)),
                false);
    }

    VmSpec spec(Step... steps) {
        return new VmSpec(
                "contract-" + Long.toString(System.nanoTime(), 36),
                boot(),
                new VmShape(2, 512, DriveSlots.standard().with(Drive.SCRATCH, 64 << 20)),
                List.of(steps),
                Map.of(),
                Set.of(Drive.ARTIFACTS),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(2)));
    }

    static VmSpec with(VmSpec s, Map<Drive, DriveContent> contents, VmLimits limits) {
        return new VmSpec(
                s.name(),
                s.boot(),
                s.shape(),
                s.steps(),
                contents,
                s.writable(),
                s.console(),
                limits);
    }

    /// The same of another image.
    static VmSpec of(BootFiles boot, VmSpec s) {
        return new VmSpec(
                s.name(),
                boot,
                s.shape(),
                s.steps(),
                s.contents(),
                s.writable(),
                s.console(),
                s.limits());
    }

    static VmSpec limited(VmSpec spec, Duration time, long logBytes) {
        return with(spec, spec.contents(), VmLimits.standard(time).withLog(logBytes));
    }

    VmEnd end(VmSpec spec) throws InterruptedException {
        var end = once(spec);
        if (end instanceof VmEnd.HostFailed(var detail) && isAbort(detail)) {
            // seen about once in a thousand boots with two CPUs under TCG; a phase does the same
            System.err.println("QEMU 10.0.13 aborted and is tried once more: " + detail);
            records.clear();
            return once(spec);
        }
        return end;
    }

    private VmEnd once(VmSpec spec) throws InterruptedException {
        try (Vm vm = host().start(spec, records::add)) {
            return vm.await();
        }
    }

    /// Whether an assertion of QEMU's own failed (128 + SIGABRT).
    private static boolean isAbort(String detail) {
        return detail.contains("code 134") && detail.contains("Assertion");
    }

    String output(int stream) {
        var text = new StringBuilder();
        for (GuestRecord record : records) {
            if (record instanceof GuestRecord.Output output && output.stream() == stream) {
                text.append(new String(output.bytes(), StandardCharsets.UTF_8));
            }
        }
        return text.toString();
    }

    /// All that they told.
    List<GuestRecord> records() {
        return records;
    }

    /// Listens to a VM that was not started by [#end].
    void add(GuestRecord record) {
        records.add(record);
    }

    /// Begins to listen anew.
    void forget() {
        records.clear();
    }

    List<StepEnd> ends() {
        var ends = new ArrayList<StepEnd>();
        for (GuestRecord record : records) {
            if (record instanceof GuestRecord.StepEnded ended) {
                ends.add(ended.end());
            }
        }
        return ends;
    }
}
