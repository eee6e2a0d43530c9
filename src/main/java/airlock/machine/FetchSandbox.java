package airlock.machine;

import airlock.sandbox.Sandbox;
import airlock.source.FetchWorker;
import airlock.source.ProcessFetcher;
import airlock.vm.ToolSandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The walls around fetch processes (H1), if this machine can make them.
///
/// @param hindrance why they cannot be made; empty if they can
public record FetchSandbox(ToolSandbox enclosure, Optional<String> hindrance) {
    private static final Logger LOG = LoggerFactory.getLogger(FetchSandbox.class);

    @FunctionalInterface
    public interface Maker {
        /// Makes walls; the contents of these directories are moved into programs' homes.
        ToolSandbox around(List<Path> owned) throws IOException;
    }

    /// Makes walls and starts a trial process in them.
    ///
    /// @param state the state directory, which this process has locked, or one in its place
    public static FetchSandbox tried(Maker walls, Path state)
            throws IOException, InterruptedException {
        var owned = ProcessFetcher.directories(state);
        for (Path directory : owned) {
            Files.createDirectories(directory);
        }
        var enclosure = walls.around(owned);
        // ProcessFetcher removes what a killed server leaves there
        Path homes = Files.createDirectories(state.resolve("fetch"));
        return new FetchSandbox(enclosure, FetchWorker.trial(enclosure::start, homes));
    }

    /// The walls, or none if this machine cannot make them, with a warning.
    public Sandbox sandbox() {
        if (hindrance.isEmpty()) {
            return enclosure::start;
        }
        LOG.warn("no walls around fetch processes: {}", hindrance.orElseThrow());
        return Sandbox.NONE;
    }

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
