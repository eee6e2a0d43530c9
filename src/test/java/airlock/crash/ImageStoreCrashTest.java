package airlock.crash;

import static airlock.crash.Place.after;
import static airlock.crash.Place.before;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.image.FakeImages;
import airlock.image.Image;
import airlock.image.ImageStore;
import airlock.image.ImageStore.Removal;
import airlock.image.StoreListing.Stored;
import airlock.image.StoreProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `kill -9` of a process that makes, removes or uses an image: the store stays usable, an image is
/// either whole or missing, and the next process removes the rest.
final class ImageStoreCrashTest {
    private static final String STORE = "airlock.image.ImageStore";
    private static final String FILES = "airlock.base.OwnFiles";
    private static final String MARKS = "airlock.image.UseMarks";

    @TempDir Path directory;

    /// The place of the kill in the process, its command, and whether the image exists afterwards.
    enum Kill {
        NOTHING_IS_MADE_YET(before(STORE, "make"), "build", false),
        FILES_ARE_THERE_BUT_NOT_SEALED(before(STORE, "seal"), "build", false),
        HALF_SEALED(before(FILES, "force"), "build", false),
        FACTS_ARE_NOT_WRITTEN(before("airlock.image.Facts", "json"), "build", false),
        SEALED_BUT_WITHOUT_ITS_NAME(after(STORE, "seal"), "build", false),
        MADE(after(STORE, "make"), "build", true),
        ASKED_TO_GO(before(STORE, "aside"), "remove", true),
        WITHOUT_ITS_NAME_BUT_NOT_REMOVED(after(STORE, "aside"), "remove", false),
        HALF_REMOVED(before("airlock.base.Trees", "remove"), "remove", false),
        NOT_MARKED_YET(before(MARKS, "mark"), "use", true),
        MARKED(after(MARKS, "mark"), "use", true),
        IN_USE(after(STORE, "use"), "use", true);

        @SuppressWarnings("ImmutableEnumChecker") // a record of texts
        private final Place place;

        private final String what;
        private final boolean there;

        Kill(Place place, String what, boolean there) {
            this.place = place;
            this.what = what;
            this.there = there;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCodeStillHasThePlace(Kill kill) {
        assertThat(kill.place).matches(Place::isThere, "is there");
    }

    @Tag("crash")
    @ParameterizedTest
    @EnumSource
    void whereverItIsKilledTheStoreGoesOn(Kill kill) throws Exception {
        Path root = directory.resolve("images");
        FakeImages.add(root, "other-1");
        if (!kill.what.equals("build")) {
            FakeImages.add(root, "mine-1");
        }
        kill(kill, root);

        var store = new ImageStore(root, InstantSource.system());
        assertThat(whole(store)).contains("other-1");
        assertThat(whole(store).contains("mine-1")).isEqualTo(kill.there);
        assertThat(store.listing().all()).allMatch(Stored.Whole.class::isInstance);

        FakeImages.add(root, "mine-1");
        // the first use or removal makes `uses`
        assertThat(names(root))
                .contains("lock", "mine-1", "other-1")
                .isSubsetOf("lock", "mine-1", "other-1", "uses");
        assertThat(Image.open(root.resolve("mine-1")).verify(_ -> {})).isEmpty();
        assertThat(store.remove("mine-1")).isInstanceOf(Removal.Removed.class);
        assertThat(names(root.resolve("uses"))).containsExactly("lock");
    }

    @Tag("crash")
    @Test
    void pruneTakesWhatAKilledBuildLeft() throws Exception {
        Path root = directory.resolve("images");
        kill(Kill.HALF_SEALED, root);
        assertThat(names(root)).anyMatch(name -> name.startsWith("building-"));

        new ImageStore(root, InstantSource.system()).prune(Set.of(), FakeImages.NOW, _ -> {});

        assertThat(names(root)).containsExactly("lock");
    }

    private static void kill(Kill kill, Path root) throws Exception {
        try (var debugger = Debugger.listen()) {
            var process =
                    StoreProcess.start(
                            List.of(), List.of(debugger.option()), kill.what, root, "mine-1");
            try {
                debugger.attach();
                debugger.stopAt(kill.place);
                debugger.await(kill.place);
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static List<String> whole(ImageStore store) {
        return store.listing().all().stream().map(Stored::name).toList();
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
