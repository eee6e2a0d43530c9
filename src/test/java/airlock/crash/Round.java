package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.vm.TestGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// A push, a server that is killed while it works on the push, and the next server.
final class Round {
    private static final Duration HIT = Duration.ofMinutes(3);
    private static final Duration GONE = Duration.ofSeconds(15);
    private static final Duration ANSWERED = Duration.ofSeconds(60);
    private static final Duration DONE = Duration.ofMinutes(3);

    private final Site site;
    private final CrashPoint point;
    private final int readyClones;
    private final Remains remains;
    private List<Path> groups = List.of();

    /// @param readyClones how many the killed server keeps
    Round(Site site, CrashPoint point, int readyClones) {
        this.site = site;
        this.point = point;
        this.readyClones = readyClones;
        this.remains = new Remains(site.state());
    }

    void run() throws Exception {
        String commit = pushAndKill();
        await().alias("all processes of the killed server are gone")
                .atMost(GONE)
                .untilAsserted(
                        () ->
                                assertThat(remains.processes())
                                        .filteredOn(p -> !mayStay(p))
                                        .isEmpty());
        List<String> spent;
        try (var left = StateFile.copied(site.state(), site.state().getParent())) {
            spent = left.spent();
        }
        // so that any machine that runs when all is done was left over
        site.configure(0);
        try (var next = site.server()) {
            site.hook(next.url());
            await().alias("the webhook, sent again, has its answer")
                    .atMost(ANSWERED)
                    .until(() -> site.forge().sendLastAgain(Site.REPOSITORY) / 100 == 2);
            try (var state = StateFile.open(site.state())) {
                await().alias("all is done and told")
                        .atMost(DONE)
                        .untilAsserted(() -> assertThat(state.open()).isEmpty());
                new Aftermath(site, commit, point.ending()).check(state, next.url());
                assertThat(state.begun())
                        .as("VMs that had done their work are not started again")
                        .filteredOn(spent::contains)
                        .isEmpty();
            }
            assertThat(remains.machines()).isEmpty();
        }
        assertThat(remains.processes()).isEmpty();
        assertThat(remains.homes()).isEmpty();
        assertThat(remains.groups()).isEmpty();
        assertThat(groups).noneMatch(Files::exists);
        assertThat(remains.strayFiles()).isEmpty();
    }

    private boolean mayStay(String process) {
        return point.mayLeaveMachine() && Remains.isMachine(process);
    }

    private String pushAndKill() throws Exception {
        site.configure(readyClones);
        try (var debugger = Debugger.listen();
                var victim = site.server(debugger.option())) {
            debugger.attach();
            site.hook(victim.url());
            site.awaitTemplate(victim);
            if (readyClones > 0) {
                site.awaitReadyClone();
            }
            site.shareTemplate();
            debugger.stopAt(point.place());
            var hit = CompletableFuture.runAsync(() -> kill(debugger, victim));
            int hooks = site.forge().sentHooks().size();
            String commit = site.push(point.work().plan());
            hit.get(HIT.toSeconds(), TimeUnit.SECONDS);
            await().alias("the forge has sent its webhook")
                    .until(() -> site.forge().sentHooks().size() > hooks);
            return commit;
        }
    }

    private void kill(Debugger debugger, ServerProcess victim) {
        try {
            debugger.await(point.place());
            assertThat(remains.machinesOfRuns())
                    .as("machines that are up at " + point)
                    .matches(up -> up.isEmpty() != point.hasMachine());
            if (point.hasMachine() && TestGroups.areGiven()) {
                groups = remains.recordedGroups();
                assertThat(groups).as("the machine's control groups").isNotEmpty();
            }
            victim.kill();
        } catch (InterruptedException | IOException e) {
            throw new CompletionException(e);
        }
    }
}
