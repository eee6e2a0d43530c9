package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.machine.StateDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deliveries arrive without a pause while the server is killed every few seconds and its forge is
/// away: each that was answered with 202 has its request, the sweep finds all others when the forge
/// is back, and none has two.
@Tag("crash")
final class FloodTest {
    private static final int PER_SECOND = 200;
    private static final Duration FLOOD = Duration.ofMinutes(5);
    private static final Duration SWEPT = Duration.ofMinutes(2);

    /// Every 20th delivery is sent again, as people do who see that it had no answer.
    private static final int AGAIN = 20;

    /// The answer to an event that already has its request.
    private static final int KNOWN = 200;

    @TempDir Path directory;

    @Test
    void noneOf600DeliveriesIsLostAndNoneHasTwoRequests() throws Exception {
        flood(600, 200);
    }

    @Tag("soak")
    @Test
    void noneOf10000DeliveriesIsLostAndNoneHasTwoRequests() throws Exception {
        flood(10_000, 500);
    }

    /// @param each number of answers between two kills
    private void flood(int deliveries, int each) throws Exception {
        try (var site = new Site(directory)) {
            var server = site.server();
            try {
                site.hook(server.url());
                var told = new Flood.Branch("main", site.push("plan: []\n"));
                awaitEnd(site);
                assertThat(sweep(site)).isZero();
                site.forge().away(true);
                var branches = site.branches(deliveries);
                byte[] body = site.forge().lastHook();
                try (var flood =
                        new Flood(body, told, Site.SECRET, branches, site.hookAt(server.url()))) {
                    var end = CompletableFuture.runAsync(() -> flood.run(PER_SECOND));
                    int kills = 0;
                    while (isReached(flood, (kills + 1) * each, end)) {
                        server.kill();
                        kills++;
                        server = site.server();
                        flood.to(site.hookAt(server.url()));
                    }
                    end.get(FLOOD.toSeconds(), TimeUnit.SECONDS);
                    assertThat(kills).as("kills").isPositive();
                    check(site, flood, branches);
                }
            } finally {
                server.close();
            }
        }
    }

    private static boolean isReached(Flood flood, int answers, CompletableFuture<Void> end) {
        await().atMost(FLOOD).until(() -> flood.accepted() >= answers || end.isDone());
        return !end.isDone();
    }

    private static void check(Site site, Flood flood, List<Flood.Branch> branches)
            throws Exception {
        var all = IntStream.range(0, branches.size());
        var byStatus = all.boxed().collect(Collectors.groupingBy(flood::status));
        assertThat(byStatus.keySet()).as("answers").containsExactlyInAnyOrder(0, 202);
        var again = new HashSet<Integer>();
        for (int i = 0; i < branches.size(); i += AGAIN) {
            assertThat(flood.send(i)).isIn(KNOWN, flood.status(i) == 202 ? KNOWN : 202);
            again.add(i);
        }
        site.forge().away(false);
        int _ = sweep(site); // the periodic sweep may have been faster
        try (var state = StateFile.open(site.state())) {
            assertThat(
                            state.texts(
                                    "SELECT commit_id FROM request WHERE commit_id <> ?",
                                    flood.told().commit()))
                    .as("one request for each branch")
                    .containsExactlyInAnyOrderElementsOf(
                            branches.stream().map(Flood.Branch::commit).toList());
            assertThat(
                            state.texts(
                                    """
                                    SELECT r.commit_id FROM request r JOIN delivery d ON d.request = r.id
                                    WHERE r.cause = 'webhook' AND d.outcome = 'requested'
                                    """))
                    .as("each delivery that was answered with 202 has its request")
                    .containsAll(commits(branches, new HashSet<>(byStatus.get(202))));
            assertThat(state.texts("SELECT commit_id FROM request WHERE cause = 'sweep'"))
                    .as("found by the sweep")
                    .isNotEmpty()
                    .isSubsetOf(commits(branches, without(byStatus.get(0), again)));
        }
        assertThat(sweep(site)).as("found by another sweep").isZero();
    }

    private static Set<Integer> without(List<Integer> some, Set<Integer> others) {
        var rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private static Set<String> commits(List<Flood.Branch> branches, Set<Integer> places) {
        return places.stream().map(i -> branches.get(i).commit()).collect(Collectors.toSet());
    }

    private static void awaitEnd(Site site) throws Exception {
        try (var state = StateFile.open(site.state())) {
            await().atMost(SWEPT).until(() -> !state.texts("SELECT id FROM request").isEmpty());
            await().atMost(SWEPT).untilAsserted(() -> assertThat(state.open()).isEmpty());
        }
    }

    /// Sweeps; returns the number of new requests.
    private static int sweep(Site site) {
        var replies = new ArrayList<Reply>();
        new ControlClient(StateDirectory.controlSocket(site.state()))
                .send(new Command.Sweep("alice/hello"), replies::add);
        assertThat(replies.getFirst()).isInstanceOf(Reply.Swept.class);
        var swept = (Reply.Swept) replies.getFirst();
        assertThat(swept.problem()).isEmpty();
        return swept.requests();
    }
}
