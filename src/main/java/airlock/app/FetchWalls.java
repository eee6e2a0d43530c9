package airlock.app;

import airlock.files.Trees;
import airlock.source.ChildJvm;
import airlock.source.FetchBox;
import airlock.source.ProcessFetcher;
import airlock.token.TokenJvm;
import airlock.vm.Enclosure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The walls around fetch processes (H1), where this machine can make them.
final class FetchWalls {
    private static final Logger LOG = LoggerFactory.getLogger(FetchWalls.class);

    private final Enclosure enclosure;
    private final Enclosure empty;
    private final Optional<String> hindrance;

    private FetchWalls(Enclosure enclosure, Enclosure empty, Optional<String> hindrance) {
        this.enclosure = enclosure;
        this.empty = empty;
        this.hindrance = hindrance;
    }

    /// Makes walls.
    @FunctionalInterface
    interface Maker {
        /// Walls around programs that may write these directories.
        Enclosure around(List<Path> writable) throws IOException;
    }

    /// Tries them.
    ///
    /// @param state the state directory, which this process has locked, or one in its place
    static FetchWalls tried(Maker walls, Path state) throws IOException, InterruptedException {
        var writable = ProcessFetcher.directories(state);
        for (Path directory : writable) {
            Files.createDirectories(directory);
        }
        var enclosure = walls.around(writable);
        // where what a killed server leaves is removed
        Path homes = Files.createDirectories(state.resolve("fetch"));
        Path home = Files.createTempDirectory(homes, "trial");
        try {
            return new FetchWalls(
                    enclosure,
                    walls.around(List.of()),
                    ChildJvm.likeThisOne(enclosure::start).trial(home));
        } finally {
            Trees.remove(home);
        }
    }

    /// What fetch processes are started in: nothing where there are no walls, which is told.
    FetchBox box() {
        if (hindrance.isEmpty()) {
            return enclosure::start;
        }
        LOG.warn("no walls around fetch processes: {}", hindrance.orElseThrow());
        return FetchBox.NONE;
    }

    /// The same around processes that have a token, which write nothing but their home.
    TokenJvm.Walls ofTokens() {
        return hindrance.isEmpty() ? empty::start : TokenJvm.Walls.NONE;
    }

    /// For people.
    Finding finding() {
        return hindrance
                .map(
                        why ->
                                Finding.bad(
                                        "fetch processes",
                                        "no walls around them: " + why,
                                        "install what `walls` misses, and make the program's files"
                                                + " readable for all users"))
                .orElseGet(
                        () ->
                                Finding.good(
                                        "fetch processes",
                                        "in walls of their own; " + ProcessFetcher.landlock()));
    }
}
