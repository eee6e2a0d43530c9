package airlock.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HashTest {
    // FIPS 180-2, appendix B.1
    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void textBytesFilesAndPiecesHaveTheSameHash(@TempDir Path directory) throws IOException {
        byte[] abc = "abc".getBytes(StandardCharsets.US_ASCII);
        Path file = Files.write(directory.resolve("abc"), abc);

        assertThat(
                        List.of(
                                Hash.sha256("abc"),
                                Hash.sha256(abc),
                                Hash.sha256(file),
                                Hash.sha256().add("a").add(abc, 1, 1).add(last(abc)).hex()))
                .allMatch(ABC::equals);
    }

    @Test
    void aHashBeginsAgainAfterItWasTaken() {
        var hash = Hash.sha256().add("abc");

        assertThat(hash.bytes()).hasSize(32);
        assertThat(hash.add("abc").hex()).isEqualTo(ABC);
    }

    @Test
    void progressIsToldForEachPieceOfAFile(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("long"), new byte[3_000_000]);
        var pieces = new ArrayList<Long>();

        Hash.by("SHA-512").add(file, pieces::add);

        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(pieces.stream().mapToLong(Long::longValue).sum()).isEqualTo(3_000_000);
    }

    @Test
    void anUnknownAlgorithmIsAFault() {
        assertThatThrownBy(() -> Hash.by("SHA-0")).hasMessage("this Java has no SHA-0");
    }

    private static ByteBuffer last(byte[] bytes) {
        return ByteBuffer.wrap(bytes, bytes.length - 1, 1);
    }
}
