package airlock.vm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The result of `deploy/guest-test.sh` on this host: the verdict of the guest program's own tests,
/// and the program that runs steps as an ordinary process. Built once for all tests of a JVM.
///
/// @param executor under the sanitizers
/// @param said the script's output
/// @param code its exit code
public record GuestBuild(Path executor, String said, int code) {
    private static final class Once {
        static final GuestBuild BUILD = make();
    }

    /// Skips the test without a C compiler.
    public static GuestBuild once() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/gcc"))
                        && Files.exists(Path.of("/usr/include/stdio.h")),
                "the guest program is not tested: a C compiler is missing (apt-get install gcc libc6-dev)");
        return Once.BUILD;
    }

    private static GuestBuild make() {
        try {
            // several processes may run tests at once
            String which = System.getProperty("surefire.forkNumber", "1");
            Path kept = Files.createDirectories(Path.of("target/guest/tests-" + which));
            Path log = kept.resolve("guest-test.log");
            var builder = new ProcessBuilder("deploy/guest-test.sh", kept.toString());
            builder.environment().put("FUZZ_ROUNDS", "3");
            var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
            int code = process.onExit().join().exitValue();
            return new GuestBuild(
                    kept.resolve("host-executor").toAbsolutePath(), Files.readString(log), code);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
