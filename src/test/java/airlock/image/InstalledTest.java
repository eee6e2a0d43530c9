package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.image.ImageBuilder.Installed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledTest {
    @TempDir Path directory;

    private Map<String, String> read(String text) throws IOException {
        return Installed.read(
                Files.write(
                        directory.resolve("status"), text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void whatIsInstalledIsReadWithItsVersion() throws IOException {
        assertThat(
                        read(
                                """
                                Package: bash
                                Status: install ok installed
                                Version: 5.2.37-2+b5
                                Description: GNU Bourne Again SHell
                                 Version: not this
                                Package-Type: deb

                                Package: gone
                                Status: deinstall ok config-files
                                Version: 1

                                Version: 2:1.24~2
                                Package: golang-go
                                Status: install ok installed
                                """))
                .isEqualTo(Map.of("bash", "5.2.37-2+b5", "golang-go", "2:1.24~2"));
    }

    @Test
    void whatIsNoStatusFileHasNoPackages() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("Package bash\n\u00ff\u0000\n\n\n:\nStatus: install ok installed\n"))
                .isEmpty();
    }
}
