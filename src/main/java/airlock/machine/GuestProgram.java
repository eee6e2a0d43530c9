package airlock.machine;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the guest program, which the build puts into `guest/` beside the jar or the classes.
public final class GuestProgram {
    private GuestProgram() {}

    public static Path find() {
        try {
            var code = GuestProgram.class.getProtectionDomain().getCodeSource().getLocation();
            Path program = Path.of(code.toURI()).resolveSibling("guest/airlock-guest");
            if (!Files.isRegularFile(program)) {
                throw new AppException(
                        "the guest program " + program + " is not there; run deploy/build.sh");
            }
            return program;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
