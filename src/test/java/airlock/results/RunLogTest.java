package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunLogTest {
    private final RunId run = RunId.random();

    @TempDir Path directory;

    private RunLogs logs() {
        return new RunLogs(directory);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<String> texts(long offset) {
        return logs().read(run, offset, 1 << 20).stream()
                .map(
                        chunk ->
                                chunk.stream()
                                        + " "
                                        + new String(chunk.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void whatWasAddedComesBackInOrderWithItsStreams() {
        try (var log = logs().append(run)) {
            log.add(Phase.PLAN, 0, 1, 5, bytes("out"));
            log.add(Phase.PLAN, 0, 2, 6, bytes("err"));
        }

        assertThat(texts(0)).containsExactly("1 out", "2 err");
        var second = logs().read(run, 0, 1 << 20).get(1);
        assertThat(second.phase()).isEqualTo(Phase.PLAN);
        assertThat(second.millis()).isEqualTo(6);
        assertThat(second.next()).isEqualTo(logs().size(run));
    }

    @Test
    void readingGoesOnAtAnyFramesOffset() {
        try (var log = logs().append(run)) {
            log.add(Phase.PLAN, 0, 1, 5, bytes("first"));
            long second = log.add(Phase.PLAN, 0, 1, 5, bytes("second"));

            assertThat(texts(second)).containsExactly("1 second");
            assertThat(logs().frameAt(run, 1)).isEqualTo(second);
            assertThat(logs().frameAt(run, 1 << 30)).isEqualTo(log.end());
        }
    }

    @Test
    void aFrameThatACrashCutShortIsDroppedAndTheLogGoesOn() throws IOException {
        long whole;
        try (var log = logs().append(run)) {
            log.add(Phase.PLAN, 0, 1, 5, bytes("first"));
            whole = log.end();
            log.add(Phase.PLAN, 0, 1, 5, bytes("second"));
        }
        Path file = directory.resolve(run.text().substring(0, 2)).resolve(run.text() + ".log");
        try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(whole + 9);
        }
        try (var log = logs().append(run)) {
            log.add(Phase.POST_PLAN, 0, 1, 5, bytes("third"));
        }

        assertThat(texts(0)).containsExactly("1 first", "1 third");
    }

    @Test
    void anOffsetThatIsNoFramesBeginningNeverFails() throws IOException {
        var random = new Random(20261124);
        try (var log = logs().append(run)) {
            for (int i = 0; i < 50; i++) {
                var noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                log.add(Phase.PLAN, i, 1, i, noise);
            }
            for (int i = 0; i < 2000; i++) {
                long at = random.nextLong(-10, log.end() + 10);
                assertThat(logs().read(run, at, 4096)).allMatch(chunk -> chunk.next() <= log.end());
            }
        }
        assertThat(Files.exists(directory.resolve(run.text().substring(0, 2)))).isTrue();
    }

    @Test
    void aLogThatIsNotThereIsEmpty() {
        assertThat(texts(0)).isEmpty();
        assertThat(logs().size(run)).isZero();
    }
}
