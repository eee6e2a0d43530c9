package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A test with a whole bot that the forge sends its webhooks to.
abstract class OnBot extends OnForge {
    Bot bot;

    /// More keys of the repository in the configuration, a line.
    String configured() {
        return "";
    }

    @BeforeEach
    final void startBot() throws Exception {
        bot = Bot.quick(directory, forge, host, configured());
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
    }

    @AfterEach
    final void stopBot() {
        bot.close();
    }

    final void sweep() {
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
    }

    /// The forge shows a change request to main from a fork, and the bot sweeps.
    final void offer(long number, String head) {
        checkout().push(head + ":refs/pull/" + number + "/head");
        forge.change(7, HostedChange.inside(number, "main", head, "x").from(8, "x"));
        sweep();
    }
}
