package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes as Debian's own tools read them.
class CloudSeedTest {
    @TempDir Path directory;

    private String said(String... command) throws Exception {
        return ImportFixture.runIn(directory, "", command);
    }

    private Path seed(String name) throws Exception {
        Path guest = directory.resolve("guest");
        if (!Files.exists(guest)) {
            byte[] program = new byte[300_001];
            new Random(42).nextBytes(program);
            Files.write(guest, program);
        }
        Path seed = directory.resolve(name);
        CloudSeed.write(seed, guest);
        return seed;
    }

    @Test
    void theVolumeIsWholeAndHoldsTheGuestProgram() throws Exception {
        seed("seed");

        assertThat(said("/usr/sbin/fsck.vfat", "-n", "seed")).contains("5 files");
        assertThat(said("mdir", "-b", "-i", "seed", "::"))
                .contains("meta-data", "user-data", "network-config", "gate");
        said("mcopy", "-n", "-i", "seed", "::/gate", "back");
        assertThat(directory.resolve("back")).hasSameBinaryContentAs(directory.resolve("guest"));
        assertThat(said("mtype", "-i", "seed", "::/user-data"))
                .startsWith("#cloud-config\n")
                .contains("gate take-over");
        assertThat(said("/usr/sbin/blkid", "-p", "seed")).contains(" LABEL=\"CIDATA\"");
    }

    @Test
    void eachIsAnInstanceThatNoDiskHasSeen() throws Exception {
        seed("one");
        seed("two");

        String one = said("mtype", "-i", "one", "::/meta-data");
        assertThat(one).startsWith("instance-id: airlock-");
        assertThat(said("mtype", "-i", "two", "::/meta-data")).isNotEqualTo(one);
    }

    @Test
    void aGuestProgramThatDoesNotFitIsRefused() throws Exception {
        Path large = Files.write(directory.resolve("large"), new byte[17 << 20]);

        assertThatThrownBy(() -> CloudSeed.write(directory.resolve("v"), large))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("mcopy");
    }
}
