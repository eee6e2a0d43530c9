package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.StepList.Encoding;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs steps with the guest program's part that does so as an ordinary process of this host.
///
/// @param program what `deploy/guest-test.sh` built as `host-executor`
/// @param folder gets the plan
public record HostExecutor(Path program, Path folder) {
    /// All records of the executor, in order.
    public List<GuestRecord> run(List<Step> steps) {
        return run(steps, List.of());
    }

    /// The same with a socket that stands for its uplink's port, and another port for its proxy.
    public List<GuestRecord> run(List<Step> steps, Path uplink, int proxy) {
        return run(steps, List.of(uplink.toString(), Integer.toString(proxy)));
    }

    private List<GuestRecord> run(List<Step> steps, List<String> more) {
        try {
            Path plan = folder.resolve("plan.bin");
            switch (StepList.encode(steps, GuestLimits.NONE)) {
                case Encoding.Encoded encoded -> Files.write(plan, encoded.drive());
                case Encoding.Refused(var step, var reason) ->
                        throw new IllegalArgumentException("step " + step + ": " + reason);
            }
            return runPlan(plan, steps.size(), more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same for a plan file that exists.
    List<GuestRecord> runPlan(Path plan, int steps) throws IOException {
        return runPlan(plan, steps, List.of());
    }

    private List<GuestRecord> runPlan(Path plan, int steps, List<String> more) throws IOException {
        var words = new ArrayList<>(List.of(program.toString(), plan.toString()));
        words.addAll(more);
        var process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectError(folder.resolve("stderr").toFile())
                        .start();
        try {
            List<GuestRecord> records = new ArrayList<>();
            var reader = new RecordReader(process.getInputStream(), steps);
            var record = reader.next();
            for (; record.isPresent(); record = reader.next()) {
                records.add(record.orElseThrow());
            }
            assertThat(process.onExit().join().exitValue())
                    .as(() -> "the executor's end, with " + stderr())
                    .isZero();
            return records;
        } finally {
            process.destroyForcibly();
        }
    }

    private String stderr() {
        try {
            return Files.readString(folder.resolve("stderr"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
