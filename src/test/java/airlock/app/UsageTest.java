package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who uses what in a whole bot, and what its janitor keeps below a quota.
final class UsageTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String PLAN =
            """
            pre_plan:
              - {action: shell, shell: echo fetched > /ci/deps/got}
            plan:
              - {action: shell, shell: echo hello}
            """;

    @TempDir Path directory;
    private LoopbackForge forge;

    @BeforeEach
    void startForge() {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stopForge() {
        forge.close();
    }

    private String passed(Bot bot) throws Exception {
        String commit = new Pushes(directory, forge).push(bot, PLAN);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
        return commit;
    }

    private static List<Reply.Used> used(Bot bot) {
        return bot.ask(new Command.Usage()).stream()
                .filter(Reply.Used.class::isInstance)
                .map(Reply.Used.class::cast)
                .toList();
    }

    @Test
    void afterARunEachShelfHasSomethingOfItsRepositoryLargestFirst() throws Exception {
        try (var bot = Bot.start(directory, forge, new FakeVmHost())) {
            passed(bot);
            var used = used(bot);

            assertThat(used)
                    .extracting(Reply.Used::shelf)
                    .containsExactlyInAnyOrder("logs", "blobs", "sources", "mirrors", "deliveries");
            assertThat(used)
                    .allMatch(line -> line.repository().equals("demo/alice/hello"))
                    .allMatch(line -> line.bytes() > 0 && line.items() > 0);
            assertThat(used.stream().map(Reply.Used::bytes).toList())
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            var disk =
                    bot.ask(new Command.Usage()).stream()
                            .filter(Reply.Disk.class::isInstance)
                            .map(Reply.Disk.class::cast)
                            .findFirst()
                            .orElseThrow();
            assertThat(disk.free()).isPositive();
            assertThat(disk.database()).isPositive();
            assertThat(disk.reserve()).isEqualTo(2L << 30);
        }
    }
}
