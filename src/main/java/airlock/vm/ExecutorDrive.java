package airlock.vm;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Writes drive `vdb`: a tar archive of the executor and its plan (docs/guest-protocol.md).
public final class ExecutorDrive {
    private ExecutorDrive() {}

    /// Writes the archive; the same inputs give the same bytes.
    ///
    /// @param executor the guest program
    /// @param plan what [StepList] wrote
    public static void write(OutputStream out, byte[] executor, byte[] plan) throws IOException {
        out.write(
                UstarFile.archive(
                        List.of(
                                new UstarFile("executor", 0755, executor),
                                new UstarFile("plan.bin", 0600, plan))));
    }
}
