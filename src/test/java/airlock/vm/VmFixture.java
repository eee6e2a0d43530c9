package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.DriveContent;
import airlock.vm.VmSpec.VmLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.io.TempDir;

/// Starts VMs on the host under test and keeps their records.
abstract class VmFixture {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C.UTF-8");

    static final VmEnd PASSED = new VmEnd.Finished(true, Map.of());
    static final VmEnd FAILED = new VmEnd.Finished(false, Map.of());

    @TempDir Path directory;
    private final List<GuestRecord> records = new CopyOnWriteArrayList<>();

    /// Boots each VM.
    VmHost host() {
        return new QemuVmHost(TestMachine.setting(directory, Templates.none()));
    }

    BootFiles boot() {
        return TestImage.boot();
    }

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
                new VmModel(
                        boot(),
                        new VmShape(2, 512, DriveSlots.standard().with(Drive.SCRATCH, 64 << 20))),
                List.of(steps),
                Map.of(),
                Set.of(Drive.ARTIFACTS),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(2)),
                Optional.empty());
    }

    static VmSpec with(VmSpec s, Map<Drive, DriveContent> contents, VmLimits limits) {
        return new VmSpec(
                s.name(),
                s.model(),
                s.steps(),
                contents,
                s.writable(),
                s.console(),
                limits,
                s.uplink());
    }

    /// The same of another image.
    static VmSpec of(BootFiles boot, VmSpec s) {
        return new VmSpec(
                s.name(),
                new VmModel(boot, s.shape()),
                s.steps(),
                s.contents(),
                s.writable(),
                s.console(),
                s.limits(),
                s.uplink());
    }

    static VmSpec limited(VmSpec spec, Duration time, long logBytes) {
        return with(spec, spec.contents(), VmSpecs.limited(time, time, logBytes));
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

    List<GuestRecord> records() {
        return records;
    }

    /// Takes a record of a VM that [#end] did not start.
    void add(GuestRecord record) {
        records.add(record);
    }

    /// Forgets all records so far.
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
