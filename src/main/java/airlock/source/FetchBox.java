package airlock.source;

import airlock.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Starts the fetch processes, with walls around them or without (H1).
@FunctionalInterface
public interface FetchBox {
    /// No walls.
    FetchBox NONE = (_, _, command) -> Program.of(command).start();

    /// Starts a program that has its three streams, and the same environment whatever ours is.
    ///
    /// @param home an empty directory that it may write
    /// @param reads files and directories that it reads, besides those of the system
    Process start(Path home, List<Path> reads, List<String> command) throws IOException;
}
