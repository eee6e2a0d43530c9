package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.vm.TestImage;
import java.nio.file.Path;
import java.time.Duration;

/// A forge on loopback that hosts one repository, somebody who pushes to it, and real machines.
///
/// @param directory the test's own
record RealSite(Path directory, RealMachines machines, LoopbackForge forge)
        implements AutoCloseable {
    /// @param directory the test's own
    static RealSite in(Path directory) throws Exception {
        var machines = RealMachines.in(directory);
        var forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        return new RealSite(directory, machines, forge);
    }

    /// The bot, on these machines.
    ///
    /// @param more of the repository's configuration
    Bot bot(String more) throws Exception {
        return Bot.start(directory, forge, machines.host(), TestImage.boot(), more);
    }

    /// Pushes a commit with this plan; returns it.
    String push(Bot bot, String plan) throws Exception {
        return new Pushes(directory, forge).push(bot, plan);
    }

    /// The log of the newest run, so far.
    static String log(Bot bot) throws Exception {
        return bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
    }

    /// The log of the newest run, when its commit has passed.
    String passed(Bot bot, String commit) throws Exception {
        await().atMost(Duration.ofMinutes(5))
                .until(
                        () -> {
                            var states = forge.states(commit, "airlock");
                            return !states.isEmpty() && !states.getLast().equals("pending");
                        });
        String log = log(bot);
        assertThat(forge.states(commit, "airlock")).as(log).endsWith("success");
        return log;
    }

    @Override
    public void close() {
        forge.close();
        machines.close();
    }
}
