package airlock.machine;

import airlock.sandbox.Sandbox;
import airlock.source.FetchJvm;
import airlock.source.ProcessFetcher;
import airlock.vm.Enclosure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The walls around fetch processes (H1), where this machine can make them.
public final class FetchWalls {
    private static final Logger LOG = LoggerFactory.getLogger(FetchWalls.class);

    private final Enclosure enclosure;
    private final Optional<String> hindrance;

    private FetchWalls(Enclosure enclosure, Optional<String> hindrance) {
        this.enclosure = enclosure;
        this.hindrance = hindrance;
    }

    /// Makes walls.
    @FunctionalInterface
    public interface Maker {
        /// Walls around programs; the contents of these directories are moved into their homes.
        Enclosure around(List<Path> owned) throws IOException;
    }

    /// Tries them.
    ///
    /// @param state the state directory, which this process has locked, or one in its place
    public static FetchWalls tried(Maker walls, Path state)
            throws IOException, InterruptedException {
        var owned = ProcessFetcher.directories(state);
        for (Path directory : owned) {
            Files.createDirectories(directory);
        }
        var enclosure = walls.around(owned);
        // where what a killed server leaves is removed
        Path homes = Files.createDirectories(state.resolve("fetch"));
        return new FetchWalls(enclosure, FetchJvm.trial(enclosure::start, homes));
    }

    /// The walls, or none if this machine cannot make them, with a warning.
    public Sandbox sandbox() {
        if (hindrance.isEmpty()) {
            return enclosure::start;
        }
        LOG.warn("no walls around fetch processes: {}", hindrance.orElseThrow());
        return Sandbox.NONE;
    }

    /// For people.
    public Finding finding() {
        return hindrance
                .map(
                        why ->
                                Finding.bad(
                                        "fetch processes",
                                        "no walls around them, and %s: %s"
                                                .formatted(ProcessFetcher.landlock(), why),
                                        "install what `walls` misses, and make the program's files"
                                                + " readable for all users"))
                .orElseGet(
                        () ->
                                Finding.good(
                                        "fetch processes",
                                        "in walls of their own; each reaches and writes a directory"
                                                + " of its own alone, which has one repository's"
                                                + " mirror"));
    }
}
