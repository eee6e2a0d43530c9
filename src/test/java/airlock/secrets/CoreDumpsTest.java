package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreDumpsTest {
    @TempDir Path folder;

    private String told(String limit, String pattern) throws IOException {
        Path limits =
                Files.writeString(
                        folder.resolve("limits"),
                        """
                        Limit                     Soft Limit           Hard Limit           Units
                        Max cpu time              unlimited            unlimited            seconds
                        Max core file size        %-20s unlimited            bytes
                        """
                                .formatted(limit));
        Path to = Files.writeString(folder.resolve("pattern"), pattern + "\n");
        return new CoreDumps(limits, to).possible().orElse("no");
    }

    @Test
    void aLimitOfZeroForbidsFilesAndOneOfAByteForbidsPipesToo() throws IOException {
        assertThat(told("0", "core")).isEqualTo("no");
        assertThat(told("1", "core")).isEqualTo("no");
        assertThat(told("1", "|/usr/lib/systemd/systemd-coredump %P")).isEqualTo("no");
        assertThat(told("0", "|/usr/share/apport/apport")).contains("to a program", "is 0");
        assertThat(told("unlimited", "core")).contains("to a file", "is unlimited");
        assertThat(told("1024", "core")).contains("is 1024");
    }

    @Test
    void aProcessThatForbidsThemCanWriteNoneAndNeitherCanItsChildren() throws Exception {
        var child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CoreDumpsMain.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        // 0 if the limit was 0 already
        assertThat(said).matches("(?s)possible: Optional.empty\\s+child: [01]\\s+");
    }
}
