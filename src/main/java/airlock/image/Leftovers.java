package airlock.image;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// What was left by builds and removals that were killed, some GiB each.
final class Leftovers {
    static final String BUILDING = "building-";
    static final String REMOVING = "removing-";

    private final Path root;

    Leftovers(Path root) {
        this.root = root;
    }

    /// Whether a name in the store is that of something unfinished.
    static boolean isUnfinished(String name) {
        return name.startsWith(BUILDING) || name.startsWith(REMOVING);
    }

    /// Removes what builds left; only while nobody else builds.
    ///
    /// @param progress hears of what can't be removed
    /// @return how many there were
    int ofBuilds(Consumer<String> progress) throws IOException, InterruptedException {
        int count = 0;
        try (var left = Files.newDirectoryStream(root, BUILDING + "*")) {
            for (Path building : left) {
                Scratch.removeOf(building, progress);
                Trees.remove(building);
                count++;
            }
        }
        return count;
    }

    /// Removes what removals left, at any time.
    int ofRemovals() throws IOException {
        int count = 0;
        try (var left = Files.newDirectoryStream(root, REMOVING + "*")) {
            for (Path removed : left) {
                Trees.remove(removed);
                count++;
            }
        }
        return count;
    }
}
