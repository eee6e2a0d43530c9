package airlock.sandbox;

import airlock.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Starts programs in a sandbox, or without one (H1).
@FunctionalInterface
public interface Sandbox {
    /// No walls.
    Sandbox NONE = (_, _, command) -> Program.of(command).start();

    /// Starts a program with a pipe for each of its three streams.
    ///
    /// @param home an empty directory that it may write
    /// @param reads files and directories that it reads, besides those of the system
    Process start(Path home, List<Path> reads, List<String> command) throws IOException;
}
