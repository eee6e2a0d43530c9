package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import airlock.forge.Forge.EventReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Compares the readings of a real Gitea's deliveries with `gitea.readings`, which
/// `-Dgolden=update` rewrites.
class RecordingsTest {
    private static final Path EXPECTED = Path.of("src/test/resources/recordings/gitea.readings");

    @Test
    void everyRecordedDeliveryIsReadAsExpected() throws IOException {
        List<String> lines =
                Recording.all().stream()
                        .filter(recording -> recording.method().equals("POST"))
                        .map(recording -> recording.name() + ": " + Readings.line(read(recording)))
                        .toList();
        if ("update".equals(System.getProperty("golden"))) {
            Files.write(EXPECTED, lines);
        }
        assertThat(lines).hasSize(195).isEqualTo(Files.readAllLines(EXPECTED));
    }

    private static EventReading read(Recording recording) {
        Forge format = Forge.of(ForgeKind.GITEA);
        return format.read("local", format.eventName(recording.headers()), recording.body());
    }
}
