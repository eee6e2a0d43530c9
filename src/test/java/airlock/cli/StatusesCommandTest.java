package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusesCommandTest {
    @TempDir Path directory;

    @Test
    void itShowsWhyStatusesWaitAndWhatToDoAndEndsWithOne() throws IOException {
        try (var server = new CannedServer(directory)) {
            server.answer(
                    new Reply.StatusPause(
                            "forge home", "it answered 401\u001b[2J", "renew the token", 0, 60_000),
                    new Reply.Done("0 waiting, 3 paused, 0 given up within a day"));
            assertThat(server.run("statuses")).isEqualTo(ExitCode.NO);
            assertThat(server.out())
                    .contains("forge home: it answered 401")
                    .contains("since 1970-01-01T00:00:00Z, tries again at 1970-01-01T00:01:00Z")
                    .contains("    renew the token\n")
                    .contains("3 paused")
                    .doesNotContain("\u001b");
        }
    }

    @Test
    void withoutAPauseItEndsWithZero() throws IOException {
        try (var server = new CannedServer(directory)) {
            server.answer(new Reply.Done("0 waiting, 0 paused, 0 given up within a day"));
            assertThat(server.run("statuses")).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void retryAsksForAllOrForOneRepository() throws IOException {
        try (var server = new CannedServer(directory)) {
            server.answer(new Reply.Done("trying again"));
            assertThat(server.run("statuses", "retry")).isEqualTo(ExitCode.OK);
            assertThat(server.run("statuses", "retry", "alice/hello")).isEqualTo(ExitCode.OK);
            assertThat(server.asked())
                    .containsExactly(
                            new Command.RetryStatuses(""),
                            new Command.RetryStatuses("alice/hello"));
        }
    }
}
