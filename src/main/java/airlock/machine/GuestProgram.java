package airlock.machine;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the build left the guest program: beside the jar or the classes, in `guest/`.
public final class GuestProgram {
    private GuestProgram() {}

    /// Its path.
    public static Path find() {
        try {
            var code =
                    Path.of(
                            GuestProgram.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            Path program = code.resolveSibling("guest").resolve("airlock-guest");
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
