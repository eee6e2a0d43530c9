package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StatusesCommandTest {
    @RegisterExtension final CannedServer server = new CannedServer();

    @Test
    void itShowsWhyStatusesWaitAndWhatToDoAndEndsWithOne() {
        server.answer(
                new Reply.StatusPause(
                        "forge home",
                        "it answered 401\u001b[2J",
                        "renew the token",
                        Instant.EPOCH,
                        Instant.ofEpochSecond(60)),
                new Reply.Done("0 waiting, 3 paused, 0 given up within a day"));
        assertThat(server.run("statuses")).isEqualTo(ExitCode.NO);
        assertThat(server.out())
                .contains("forge home: it answered 401")
                .contains("since 1970-01-01T00:00:00Z, tries again at 1970-01-01T00:01:00Z")
                .contains("    renew the token\n")
                .contains("3 paused")
                .doesNotContain("\u001b");
    }

    @Test
    void withoutAPauseItEndsWithZero() {
        server.answer(new Reply.Done("0 waiting, 0 paused, 0 given up within a day"));
        assertThat(server.run("statuses")).isEqualTo(ExitCode.OK);
    }

    @Test
    void retryAsksForAllOrForOneRepository() {
        server.answer(new Reply.Done("trying again"));
        assertThat(server.run("statuses", "retry")).isEqualTo(ExitCode.OK);
        assertThat(server.run("statuses", "retry", "alice/hello")).isEqualTo(ExitCode.OK);
        assertThat(server.asked())
                .containsExactly(
                        new Command.RetryStatuses(""), new Command.RetryStatuses("alice/hello"));
    }
}
