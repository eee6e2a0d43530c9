package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.Proof.DownloadSum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadSumTest {
    private static final String A = "a".repeat(64);
    private static final String B = "B".repeat(128);

    @TempDir Path directory;

    private DownloadSum of(String text, String name) throws IOException {
        var file = Files.writeString(directory.resolve("SUMS"), text);
        return DownloadSum.of(StoreFiles.small(file, Proof.LONGEST), file, name);
    }

    @Test
    void bothWaysOfWritingAndBothLengthsAreRead() throws IOException {
        String text =
                A
                        + "  debian.raw\n"
                        + B
                        + " *debian.qcow2\nSHA256 (b (1).raw) = "
                        + A
                        + "\n"
                        + A
                        + "  ./here\n";

        assertThat(of(text, "debian.raw")).isEqualTo(new DownloadSum("SHA-256", A));
        assertThat(of(text, "debian.qcow2")).isEqualTo(new DownloadSum("SHA-512", "b".repeat(128)));
        assertThat(of(text, "b (1).raw")).isEqualTo(new DownloadSum("SHA-256", A));
        assertThat(of(text, "here")).isEqualTo(new DownloadSum("SHA-256", A));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "aaaa  disk",
                "  disk",
                "-----BEGIN PGP SIGNED MESSAGE-----\n",
                "SHA256 (disk) = aa",
                "\u0000\u0000"
            })
    void oneWithoutASumOfTheFileIsRefused(String text) {
        assertThatThrownBy(() -> of(text, "disk"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no sum of disk");
    }

    @Test
    void aNameIsComparedAsAWhole() {
        assertThatThrownBy(() -> of(A + "  a/disk\n" + A + "  disk.old\n", "disk"))
                .hasMessageContaining("no sum of disk");
    }

    @Test
    void twoDifferentSumsAreRefused() {
        assertThatThrownBy(() -> of(A + "  disk\n" + "b".repeat(64) + "  disk\n", "disk"))
                .hasMessageContaining("different sums of disk");
    }
}
