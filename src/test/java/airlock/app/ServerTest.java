package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.machine.AppException;
import airlock.machine.StateDirectory;
import airlock.store.DiskSpace.Disk;
import airlock.vm.Drive;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/// The way of the data from a real push to a status at the forge; only the machines are doubles.
final class ServerTest extends OnForge {
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                shell: echo fetched > /ci/deps/got
            plan:
              - action: shell
                shell: |
                  cat /ci/deps/got
                  %s
            post_plan:
              - action: shell
                shell: echo published
            """;

    @Test
    void deliveriesAreTakenBeforeTheMachineIsPrepared() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var config = Bot.config(directory, forge.url(), "http://ci.test", port, "");
        var answers = new ArrayList<Integer>();
        Server.Preparation preparation =
                () -> {
                    answers.add(delivered(URI.create("http://127.0.0.1:" + port)));
                    throw new AppException("no machine today");
                };
        try (var state = StateDirectory.lock(config.state())) {
            var clock = InstantSource.system();
            var room = new Disk(config.state());
            assertThatThrownBy(() -> new Server(config, state, room, preparation, clock))
                    .hasMessage("no machine today");
        }
        assertThat(answers).containsExactly(202);
    }

    @Test
    void aPortThatIsTakenEndsTheStartAtOnceWithWords() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            var config = Bot.config(directory, forge.url(), "http://ci.test", port, "");
            Server.Preparation never =
                    () -> {
                        throw new IllegalStateException("the machine was prepared in vain");
                    };
            try (var state = StateDirectory.lock(config.state())) {
                var clock = InstantSource.system();
                var room = new Disk(config.state());
                assertThatThrownBy(() -> new Server(config, state, room, never, clock))
                        .isInstanceOf(AppException.class)
                        .hasMessageContaining("127.0.0.1:" + port)
                        .hasMessageContaining("`listen`");
            }
        }
    }

    private static int delivered(URI at) {
        try {
            return SignedPush.send(at, _ -> {});
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPushBecomesThreePhasesASuccessAndABadge() throws Exception {
        try (var bot = Bot.start(directory, forge, host)) {
            String commit = push(bot, PLAN.formatted("echo hello"));

            awaitStates(commit, "airlock/main", "pending", "pending", "success");
            awaitStates(commit, "airlock", "pending", "success");
            assertThat(host.started())
                    .hasSize(3)
                    .noneMatch(spec -> spec.contents().containsKey(Drive.SECRETS));
            assertThat(host.started().get(1).contents())
                    .containsKeys(Drive.SOURCE, Drive.DEPENDENCIES);
            assertThat(bot.get("/badges/demo/alice/hello.svg")).contains("passing");
            assertThat(bot.get("/")).contains("alice/hello").contains("passed");
        }
    }

    @Test
    void aFailingCommitAndABrokenHostNeverShareAColour() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            String failing = push(bot, PLAN.formatted("exit 3"));
            awaitStates(failing, "airlock/main", "pending", "pending", "failure");

            host.nextEnds(new VmEnd.HostFailed("no room"))
                    .nextEnds(new VmEnd.HostFailed("no room"));
            String broken = push(bot, PLAN.formatted("echo hello"));
            awaitStates(broken, "airlock/main", "pending", "pending", "error");
        }
    }

    @Test
    void aHostThatBreaksOnceIsTriedAgain() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            host.nextEnds(new VmEnd.HostFailed("no room"));
            String commit = push(bot, PLAN.formatted("echo hello"));

            awaitStates(commit, "airlock/main", "pending", "pending", "success");
            assertThat(host.started()).hasSize(4);
        }
    }

    @Test
    void aPlanThatWantsMoreRoomThanTheOperatorGrantsIsToldSoInItsLog() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            String commit = push(bot, "cache_max_size: 500 TiB\n" + PLAN.formatted("exit 3"));
            awaitStates(commit, "airlock/main", "pending", "pending", "failure");

            String run = bot.runs().getFirst();
            assertThat(bot.get("/runs/" + run + "/log"))
                    .contains("warning: the plan asks for 549,755,813,888,000 bytes of cache");
            assertThat(host.started().getFirst().shape().slots().of(Drive.CACHE))
                    .isLessThan(500L << 40);
        }
    }

    @Test
    void anArchiveBeyondWhatThePlanAllowsItselfFailsItsPhase() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            host.nextEnds(new VmEnd.Finished(true, Map.of(Drive.ARTIFACTS, 4608L)));
            String plan = "artifact_max_size: 1000\nplan: [{action: shell, shell: echo hello}]\n";
            String commit = push(bot, plan);
            awaitStates(commit, "airlock/main", "pending", "pending", "failure");

            String run = bot.runs().getFirst();
            assertThat(bot.get("/runs/" + run + "/log"))
                    .contains("artifacts became 4,608 bytes; the plan itself allows 4,096");
        }
    }

    private static List<Reply.Text> log(Bot bot, RunId run, long from, boolean follows) {
        return replies(bot.ask(new Command.Log(run, from, follows)), Reply.Text.class);
    }

    @Test
    @Timeout(60)
    void theLogCommandEndsAtAFrameThatACrashCutShort() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            String commit = push(bot, PLAN.formatted("echo hello"));
            awaitStates(commit, "airlock/main", "pending", "pending", "success");
            var run = new RunId(bot.runs().getFirst());
            Path log;
            try (var files = Files.walk(directory)) {
                log = files.filter(file -> file.endsWith(run + ".log")).findFirst().orElseThrow();
            }
            var whole = log(bot, run, 0, true);
            byte[] cut = {0, 0, 0, 9, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'c', 'u', 't'};
            Files.write(log, cut, StandardOpenOption.APPEND);

            assertThat(whole).isNotEmpty();
            assertThat(log(bot, run, 0, false)).isEqualTo(whole);
            assertThat(log(bot, run, 0, true)).isEqualTo(whole);
            long end = Files.size(log) - 1;
            assertThat(log(bot, run, end, true)).isEmpty();
        }
    }

    @Test
    void allMistakesOfAPlanStandOnThePageThatItsStatusLeadsTo() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            String commit = push(bot, "plam: []\nplan:\n  - action: shel\n    shell: make\n");
            awaitStates(commit, "airlock", "pending", "failure");

            var status = forge.statuses().getLast();
            assertThat(status.description()).contains(".airlock.yaml:1:1", "and 1 more");
            assertThat(host.started()).isEmpty();
            assertThat(bot.get(URI.create(status.targetUrl()).getPath()))
                    .contains(
                            ".airlock.yaml:1:1: plam: unknown key",
                            "  1 | plam: []\n    | ^\n",
                            "  3 |   - action: shel\n    |             ^\n");
        }
    }

    @Test
    void whatAmbientWouldIgnoreIsAWarningInTheLogOfItsPhase() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            String plan =
                    "plan: [{action: pwd, retries: 3}]\npost_plan: [{action: pwd, how: so}]\n";
            String commit = new Pushes(directory, forge).push(bot, ".radicle/ambient.yaml", plan);
            awaitStates(commit, "airlock", "pending", "success");

            assertThat(bot.get("/runs/" + bot.runs().getFirst() + "/log.txt"))
                    .containsSubsequence(
                            ".radicle/ambient.yaml:1:22: warning: plan[0].retries: unknown key",
                            ".radicle/ambient.yaml:2:27: warning: post_plan[0].how: unknown key");
        }
    }

    @Test
    void aRunGoesOnInTheNextServerAlthoughTheStopHitItWhileItWroteItsLog() throws Exception {
        var hanging = new HangingHost();
        VmHost stopped =
                (spec, listener) -> {
                    var vm = hanging.start(spec, listener);
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        // what comes next, a line of the log, meets the interruption
                        Thread.currentThread().interrupt();
                    }
                    return vm;
                };
        String commit;
        try (var bot = Bot.start(directory, forge, stopped)) {
            commit = push(bot, PLAN.formatted("echo hello"));
            hanging.awaitStart();
        }
        try (var _ = Bot.start(directory, forge, host)) {
            awaitStates(commit, "airlock/main", "pending", "pending", "pending", "success");
            assertThat(host.started()).hasSize(3);
        }
    }

    @Test
    void anOutputThatAKilledServerHadTakenAndNotKeptIsRemoved() throws Exception {
        Path work = Files.createDirectories(directory.resolve("state/work"));
        Path output = Files.writeString(work.resolve("a-run.cache.new"), "half");
        try (var _ = Bot.start(directory, forge, host)) {
            assertThat(output).doesNotExist();
        }
    }

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

    @Test
    void afterARunEachKindHasSomethingOfItsRepositoryLargestFirst() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, "")) {
            awaitState(push(bot, PLAN.formatted("echo hello")), "airlock", "success");
            var usage = bot.ask(new Command.Usage());
            var used = replies(usage, Reply.Used.class);

            assertThat(used)
                    .extracting(Reply.Used::kind)
                    .containsExactlyInAnyOrder("logs", "blobs", "sources", "mirrors", "deliveries");
            assertThat(used)
                    .allMatch(line -> line.repository().equals("demo/alice/hello"))
                    .allMatch(line -> line.bytes() > 0 && line.items() > 0);
            assertThat(used.stream().map(Reply.Used::bytes).toList())
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
            var disk = replies(usage, Reply.Disk.class).getFirst();
            assertThat(disk.free()).isPositive();
            assertThat(disk.database()).isPositive();
            assertThat(disk.reserve()).isEqualTo(2L << 30);
        }
    }

    private static <T> List<T> replies(List<Reply> all, Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// The forge was broken into, or the hook's secret is known.
    @Test
    void t8WhatIsFetchedAndToldGoesToTheConfiguredForgeWhateverABodySays() throws Exception {
        var asked = new AtomicInteger();
        var other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        other.start();
        String url = "http://127.0.0.1:" + other.getAddress().getPort();
        try (var bot = Bot.start(directory, forge, host)) {
            String plan = "plan: [{action: shell, shell: echo hello}]\n";
            String commit = checkout().commit(".airlock.yaml", plan);
            checkout().push("main"); // without a webhook
            assertThat(new SignedPush(bot).send(body -> lie(body, url).put("after", commit)))
                    .isEqualTo(202);
            awaitState(commit, "airlock", "success");
            assertThat(new SignedPush(bot).send(ServerTest::ofAnotherRepository)).isEqualTo(409);
        } finally {
            other.stop(0);
        }
        assertThat(asked).hasValue(0);
    }

    private static ObjectNode lie(ObjectNode body, String url) {
        var repository = (ObjectNode) body.path("repository");
        for (String key : new String[] {"url", "html_url", "clone_url", "ssh_url", "link"}) {
            repository.put(key, url + "/alice/hello.git");
        }
        for (String key : new String[] {"statuses_url", "commits_url", "git_url", "hooks_url"}) {
            repository.put(key, url + "/api");
        }
        return body.put("ref", "refs/heads/main")
                .put("before", "0".repeat(40))
                .put("compare_url", url);
    }

    private static void ofAnotherRepository(ObjectNode body) {
        ((ObjectNode) body.path("repository")).put("id", 8);
    }
}
