package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitramfsRenewTest {
    @TempDir Path directory;
    private Path next = Path.of("");
    private Path old = Path.of("");
    private List<Path> modules = List.of();

    @BeforeEach
    void write() throws IOException {
        modules =
                List.of(
                        Files.writeString(directory.resolve("virtio.ko"), "one"),
                        Files.writeString(directory.resolve("ext4.ko"), "twoo"));
        old = directory.resolve("old");
        Initramfs.write(
                old, Files.writeString(directory.resolve("init"), "the old program"), modules);
        next = Files.writeString(directory.resolve("next"), "the next program, longer");
    }

    @Test
    void itIsTheSameAsOneThatIsWrittenWithThatProgram() throws IOException {
        Path expected = directory.resolve("expected");
        Initramfs.write(expected, next, modules);

        Initramfs.renew(old, next, directory.resolve("renewed"));

        assertThat(directory.resolve("renewed")).hasSameBinaryContentAs(expected);
    }

    @Test
    void anythingElseIsRefused() throws IOException {
        byte[] good = Files.readAllBytes(old);
        var random = new Random(39);
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Path file = Files.write(directory.resolve("mutated"), bytes);
            try {
                Initramfs.renew(file, next, directory.resolve("renewed"));
            } catch (ImageException e) {
                assertThat(e).hasMessageContaining("mutated");
            }
        }
        int end = new String(good, StandardCharsets.ISO_8859_1).indexOf("TRAILER!!!");
        for (int length = 0; length < end; length += 7) {
            Path file = Files.write(directory.resolve("cut"), Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Initramfs.renew(file, next, directory.resolve("renewed")))
                    .isInstanceOf(ImageException.class);
        }
    }
}
