package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.event.RunId;
import airlock.vm.VmEnd;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// A run that is cancelled while its VM is at work.
final class CancelTest extends OnForge {
    @Test
    void aRunningVmEndsAndTheForgeIsTold() throws Exception {
        var hanging = new HangingHost();
        try (var bot = Bot.start(directory, forge, hanging)) {
            String commit = push(bot, "plan: [{action: shell, shell: echo never}]\n");
            hanging.awaitStart();

            bot.ask(new Command.Cancel(new RunId(bot.runs().getFirst())));

            awaitState(commit, "airlock", "error");
            assertThat(hanging.ended())
                    .get(InstanceOfAssertFactories.type(VmEnd.Cancelled.class))
                    .extracting(VmEnd.Cancelled::reason)
                    .asString()
                    .contains("cancelled by");
        }
    }
}
