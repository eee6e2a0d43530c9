package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.RecordReader.Reading;
import airlock.vm.StepList.Encoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs steps with the guest program's part that does so as an ordinary process of this host.
///
/// @param program what `deploy/guest-test.sh` built as `host-executor`
/// @param folder where the plan is put
record HostExecutor(Path program, Path folder) {
    /// Everything that the executor told, in order, up to the end of its output.
    List<GuestRecord> run(List<Step> steps) {
        try {
            Path plan = folder.resolve("plan.bin");
            switch (StepList.encode(steps, GuestLimits.NONE)) {
                case Encoding.Encoded encoded -> Files.write(plan, encoded.drive());
                case Encoding.Refused(var step, var reason) ->
                        throw new IllegalArgumentException("step " + step + ": " + reason);
            }
            return runPlan(plan, steps.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same for a plan that lies there already.
    List<GuestRecord> runPlan(Path plan, int steps) throws IOException {
        var process =
                new ProcessBuilder(program.toString(), plan.toString())
                        .redirectError(folder.resolve("stderr").toFile())
                        .start();
        try {
            List<GuestRecord> records = new ArrayList<>();
            var reader = new RecordReader(process.getInputStream(), steps);
            while (reader.next() instanceof Reading.Read(var record)) {
                records.add(record);
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
