package airlock.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OccupiedTest {
    @TempDir Path directory;

    @Test
    void aSparseFileCountsForWhatIsInItAndNotForItsLength() throws Exception {
        try (var file =
                FileChannel.open(
                        directory.resolve("ram"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[1 << 20]), 0);
            file.write(ByteBuffer.wrap(new byte[1]), 1L << 30);
            file.force(true);
        }
        assertThat(Files.size(directory.resolve("ram"))).isGreaterThan(1L << 30);

        assertThat(Occupied.by(directory)).isBetween(1L << 20, 2L << 20);
    }

    @Test
    void whatIsNotThereTakesNothing() {
        assertThat(Occupied.by(directory.resolve("nothing"))).isZero();
    }
}
