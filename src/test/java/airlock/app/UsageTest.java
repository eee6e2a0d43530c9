package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The disk use of a whole bot.
final class UsageTest extends OnForge {
    private static final String PLAN =
            """
            pre_plan:
              - {action: shell, shell: echo fetched > /ci/deps/got}
            plan:
              - {action: shell, shell: echo hello}
            """;

    private static List<Reply.Used> used(Bot bot) {
        return bot.ask(new Command.Usage()).stream()
                .filter(Reply.Used.class::isInstance)
                .map(Reply.Used.class::cast)
                .toList();
    }

    @Test
    void afterARunEachShelfHasSomethingOfItsRepositoryLargestFirst() throws Exception {
        try (var bot = Bot.start(directory, forge, host)) {
            awaitState(push(bot, PLAN), "airlock", "success");
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
