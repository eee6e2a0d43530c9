package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.RunLog.LogIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
                .map(f -> f.stream() + " " + new String(f.bytes(), StandardCharsets.UTF_8))
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
    void whoFollowsALogHearsOfWhatIsAddedAndNoSooner() throws InterruptedException {
        var logs = logs();
        try (var log = logs.append(run)) {
            log.add(Phase.PLAN, 0, 1, 5, bytes("first"));
            long end = log.end();
            logs.awaitMore(run, end, Duration.ofMillis(1));
            assertThat(logs.read(run, end, 1)).isEmpty();
            var adding =
                    Thread.ofVirtual().start(() -> log.add(Phase.PLAN, 0, 1, 6, bytes("second")));
            logs.awaitMore(run, end, Duration.ofMinutes(5));
            assertThat(texts(end)).containsExactly("1 second");
            adding.join();
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
        try (var channel = FileChannel.open(logs().file(run), StandardOpenOption.WRITE)) {
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
    void anOffsetIsFoundWithoutReadingWhatIsFarBeforeIt() throws IOException {
        long late;
        try (var log = logs().append(run)) {
            for (int i = 0; i < 20_000; i++) {
                log.add(Phase.PLAN, 0, 1, i, bytes("x"));
            }
            late = log.add(Phase.PLAN, 0, 1, 0, bytes("late"));
            log.add(Phase.PLAN, 0, 1, 0, bytes("last"));
        }
        try (var channel = FileChannel.open(logs().file(run), StandardOpenOption.WRITE)) {
            channel.write(java.nio.ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}), 17);
        }

        assertThat(logs().frameAt(run, late - 5)).isEqualTo(late);
        assertThat(logs().frameAt(run, 1 << 30)).isEqualTo(logs().size(run));
        assertThat(texts(logs().frameAt(run, late + 1))).containsExactly("1 last");
        assertThat(logs().frameAt(run, 3 * 65536)).isBetween(3 * 65536L, 3 * 65536L + 16);
    }

    @Test
    void anIndexThatIsMissingShortOrOfTheServerBeforeMakesNoDifference() throws IOException {
        long late;
        try (var log = logs().append(run)) {
            for (int i = 0; i < 9_000; i++) {
                log.add(Phase.PLAN, 0, 1, i, bytes("x"));
            }
            late = log.add(Phase.PLAN, 0, 1, 0, bytes("late"));
        }
        Path index = LogIndex.file(logs().file(run));
        byte[] whole = Files.readAllBytes(index);
        for (int length : new int[] {whole.length, 12, 3, 0}) {
            Files.write(index, java.util.Arrays.copyOf(whole, length));
            assertThat(logs().frameAt(run, late - 1)).isEqualTo(late);
            assertThat(logs().frameAt(run, 1)).isEqualTo(17);
        }
        Files.delete(index);
        assertThat(logs().frameAt(run, late - 1)).isEqualTo(late);
        assertThat(index).hasBinaryContent(whole);
        Files.delete(index);
        logs().append(run).close();
        assertThat(index).hasBinaryContent(whole);
    }

    @Test
    void aFrameHasFewBytesAndFewLineEndsAndEscapesHoweverMuchIsAddedAtOnce() {
        var random = new Random(20261202);
        var text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append("\n\r\u001b\u009bäxyz😀".charAt(random.nextInt(10) % 9));
        }
        text.append("z".repeat(50_000)).append("ä".repeat(50_000)).append("\n".repeat(70_000));
        byte[] all = bytes(text.toString());
        try (var log = logs().append(run)) {
            log.add(Phase.PLAN, 0, 1, 5, all);
        }

        var back = new java.io.ByteArrayOutputStream();
        for (var chunk : logs().read(run, 0, 1 << 30)) {
            String part = new String(chunk.bytes(), StandardCharsets.UTF_8);
            assertThat(chunk.bytes()).hasSizeBetween(1, RunLog.MOST);
            assertThat(bytes(part)).as("no character is cut").isEqualTo(chunk.bytes());
            assertThat(part.chars().filter(c -> c == '\n' || c == '\r' || c == 0x1b).count())
                    .isLessThanOrEqualTo(RunLog.MOST_MARKS);
            back.writeBytes(chunk.bytes());
        }
        assertThat(back.toByteArray()).isEqualTo(all);
    }
}
