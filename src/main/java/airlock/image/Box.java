package airlock.image;

import airlock.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Starts programs that read what strangers made (H2).
@FunctionalInterface
public interface Box {
    /// No box at all.
    Box NONE = (_, _, command) -> Program.of(command).start();

    /// Starts a program that has its three streams.
    ///
    /// @param home the only directory that it may write
    /// @param reads what it reads beside the system's files
    Process start(Path home, List<Path> reads, List<String> command) throws IOException;
}
