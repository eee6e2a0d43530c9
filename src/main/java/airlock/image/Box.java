package airlock.image;

import airlock.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Starts programs that read untrusted data (H2).
@FunctionalInterface
public interface Box {
    /// Starts them without a sandbox.
    Box NONE = (_, _, command) -> Program.of(command).start();

    /// Starts a program and gives the caller its three streams.
    ///
    /// @param home the only directory that it may write
    /// @param reads files that it may read, besides the system's
    Process start(Path home, List<Path> reads, List<String> command) throws IOException;
}
