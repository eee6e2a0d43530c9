package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.event.RunId;
import airlock.house.LoopbackForge;
import airlock.vm.VmEnd;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that somebody ends while its machine is at work.
final class CancelTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path directory;

    @Test
    void aRunningVmEndsAndTheForgeIsTold() throws Exception {
        var host = new HangingHost();
        try (var forge = LoopbackForge.start(0)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot = Bot.start(directory, forge, host)) {
                String commit =
                        new Pushes(directory, forge)
                                .push(bot, "plan: [{action: shell, shell: echo never}]\n");
                host.awaitStart();

                bot.ask(new Command.Cancel(new RunId(bot.runs().getFirst())));

                await().atMost(LONG)
                        .untilAsserted(
                                () ->
                                        assertThat(forge.states(commit, "airlock"))
                                                .endsWith("error"));
                assertThat(host.ended())
                        .get(InstanceOfAssertFactories.type(VmEnd.Cancelled.class))
                        .extracting(VmEnd.Cancelled::reason)
                        .asString()
                        .contains("cancelled by");
            }
        }
    }
}
