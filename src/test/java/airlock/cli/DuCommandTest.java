package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

final class DuCommandTest {
    private static final Instant OLDEST = Instant.parse("2026-01-02T03:04:05Z");
    private static final Reply[] REPLIES = {
        new Reply.Used("home/alice/hello", "blobs", 12, 3L << 30, 20L << 30, OLDEST),
        new Reply.Used("home/bob/\u001b[31mred", "logs", 2, 2048, 5L << 30, OLDEST),
        new Reply.Used("home/alice/hello", "logs", 1, 512, 5L << 30, OLDEST),
        new Reply.Over("", "blobs", 3L << 30, 1L << 30),
        new Reply.Disk(7L << 30, 2L << 30, 5 << 20, 0, 200 << 20, 1 << 20),
        new Reply.Done("")
    };

    @RegisterExtension final CannedServer server = new CannedServer();

    private String du(String... words) {
        server.answer(REPLIES);
        assertThat(server.run(words)).isEqualTo(ExitCode.OK);
        return server.out();
    }

    @Test
    void itShowsALineForEachSumsTheDiskAndWhatIsOver() {
        assertThat(du("du"))
                .isEqualTo(
                        """
                            3.0 GiB of 20.0 GiB  blobs          12  2026-01-02  home/alice/hello
                            2.0 KiB of 5.0 GiB   logs            2  2026-01-02  home/bob/�[31mred
                              512 B of 5.0 GiB   logs            1  2026-01-02  home/alice/hello
                            3.0 GiB blobs in all
                            2.5 KiB logs in all
                            5.0 MiB database
                                0 B images
                          200.0 MiB templates
                            1.0 MiB running VMs
                            7.0 GiB free; work starts while at least 2.0 GiB are
                        over: blobs of all together: 3.0 GiB, allowed are 1.0 GiB
                        """);
    }

    @Test
    void programsGetOneObjectWithBytes() {
        var json = JsonMapper.shared().readTree(du("du", "--json"));
        assertThat(json.path("used").get(0).path("repository").asString())
                .isEqualTo("home/alice/hello");
        assertThat(json.path("used").get(0).path("bytes").asLong()).isEqualTo(3L << 30);
        assertThat(json.path("used").get(0).path("oldest").asString())
                .isEqualTo("2026-01-02T03:04:05Z");
        assertThat(json.path("totals").path("logs").asLong()).isEqualTo(2560);
        assertThat(json.path("over").get(0).path("allowed").asLong()).isEqualTo(1L << 30);
        assertThat(json.path("free").asLong()).isEqualTo(7L << 30);
    }
}
