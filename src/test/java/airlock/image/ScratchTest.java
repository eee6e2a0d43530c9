package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScratchTest {
    @TempDir Path building;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void onlyAsRoot() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: who is not root removes with mapped users");
        }
        assumeTrue(root);
    }

    @Test
    void aBuildsPlaceGoesWithAllThatIsInItAndTheBuildHasNoFileMore() throws Exception {
        Path place = Scratch.in(building);
        Files.writeString(Files.createDirectories(place.resolve("a/b")).resolve("c"), "c");
        assertThat(building).isNotEmptyDirectory();

        Scratch.removeOf(building, heard::add);

        assertThat(place).doesNotExist();
        assertThat(building).isEmptyDirectory();
        Scratch.removeOf(building, heard::add);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/var/tmp",
                "/var/tmp/airlock-image-",
                "/var/tmp/airlock-image-../../../etc",
                "/tmp/airlock-image-00000000-0000-0000-0000-000000000000",
                "\u0000"
            })
    void whatIsTornOrNamesAnotherPlaceIsNotFollowed(String text) throws Exception {
        Files.writeString(building.resolve("scratch"), text);

        Scratch.removeOf(building, heard::add);

        assertThat(Path.of("/var/tmp")).isDirectory();
        assertThat(building).isEmptyDirectory();
        assertThat(heard).isEmpty();
    }
}
