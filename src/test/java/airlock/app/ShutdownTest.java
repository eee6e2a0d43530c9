package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Phase;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How a server treats its work when it is stopped, and after the next start.
final class ShutdownTest extends OnForge {
    private static final String PLAN =
            """
            pre_plan: [{action: shell, shell: echo one}]
            plan: [{action: shell, shell: echo two}]
            """;

    private Bot start(VmHost host, String grace) throws Exception {
        return Bot.startWith(directory, forge, host, "shutdown_grace: " + grace);
    }

    /// The phases that run when the server is back, until the commit has succeeded.
    private List<Phase> phasesAfterwards(String commit) throws Exception {
        try (var _ = start(host, "0s")) {
            awaitState(commit, "airlock", "success");
        }
        return host.started().stream()
                .map(spec -> spec.name().replaceFirst("^[a-z0-9]+-", ""))
                .map(name -> Phase.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT)))
                .toList();
    }

    @Test
    void aPhaseThatEndsInTheGraceCountsAndTheNextOneWaitsForTheNextStart() throws Exception {
        var hanging = new HangingHost();
        var bot = start(hanging, "1h");
        var commit = push(bot, PLAN);
        hanging.awaitStart();
        var closing = Thread.ofPlatform().start(bot::close);
        await().atMost(LONG).until(() -> closing.getState() == Thread.State.TIMED_WAITING);

        assertThat(bot.get("/readyz")).as("the doors are open meanwhile").contains("ok");
        hanging.end(new VmEnd.Finished(true, Map.of()));
        assertThat(closing.join(LONG)).isTrue();

        assertThat(phasesAfterwards(commit)).containsExactly(Phase.PLAN);
    }

    @Test
    void aPhaseThatDoesNotEndInTheGraceBeginsAgain() throws Exception {
        var hanging = new HangingHost();
        var bot = start(hanging, "1s");
        var commit = push(bot, PLAN);
        hanging.awaitStart();

        bot.close();

        assertThat(phasesAfterwards(commit)).containsExactly(Phase.PRE_PLAN, Phase.PLAN);
    }

    @Test
    void aServerWithoutWorkStopsAtOnce() throws Exception {
        var bot = start(new HangingHost(), "1h");
        var closing = Thread.ofPlatform().start(bot::close);

        assertThat(closing.join(LONG)).isTrue();
    }
}
