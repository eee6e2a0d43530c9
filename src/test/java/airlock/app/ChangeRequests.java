package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import airlock.vm.GuestStep;
import airlock.vm.VmSpec;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A test with a forge, a repository with plans, and a whole bot whose VMs are doubles; one of each
/// for all methods of a class, since they start processes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ChangeRequests {
    static final long FORK = 8;
    static final String INSIDE = "inside: no secrets";
    static final String OUTSIDE = "outside: no secrets";
    static final String PLAN =
            """
            pre_plan: [{action: shell, shell: echo %1$s-pre}]
            plan: [{action: shell, shell: echo %1$s-plan}]
            post_plan: [{action: shell, shell: echo %1$s-post}]
            """;

    static final AtomicLong NUMBERS = new AtomicLong();

    final FakeVmHost host = new FakeVmHost();
    final LoopbackForge forge = LoopbackForge.start(0);
    Path directory = Path.of("");
    Bot bot;

    void writePlans(Checkout checkout) throws Exception {
        checkout.write(".airlock.yaml", PLAN.formatted("main"));
    }

    @BeforeAll
    final void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        bot = Bot.quick(directory, forge, host, "");
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
        writePlans(checkout());
        String first = checkout().commit();
        push("main");
        awaitStates(first, "airlock", "pending", "success");
        // the first sweep only records refs
        sweep();
    }

    @AfterAll
    void stop() {
        bot.close();
        forge.close();
    }

    final Checkout checkout() {
        return Checkout.in(directory, forge);
    }

    final String git(String... arguments) {
        return checkout().git(arguments);
    }

    final String commit(String file, String text) throws Exception {
        return checkout().commit(file, text);
    }

    final void push(String... refs) {
        checkout().push(refs);
    }

    final String offered(String plan) throws Exception {
        git("checkout", "-q", "-f", "-B", "topic", "main");
        Files.writeString(
                directory.resolve("work/number"), String.valueOf(NUMBERS.incrementAndGet()));
        return commit(".airlock.yaml", plan);
    }

    /// A change request to main from a branch of the repository itself.
    static HostedChange ours(String head, String branch) {
        return HostedChange.inside(NUMBERS.incrementAndGet(), "main", head, branch);
    }

    final void offer(HostedChange change) throws Exception {
        show(change);
        sweep();
    }

    /// Shows `change` at the forge, without a sweep.
    final void show(HostedChange change) {
        push(change.head() + ":refs/pull/" + change.number() + "/head");
        forge.change(7, change);
    }

    final void sweep() {
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
    }

    final void awaitStates(String commit, String context, String... states) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(
                        () -> assertThat(forge.states(commit, context)).containsExactly(states));
    }

    final void awaitState(String commit, String context, String last) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(forge.states(commit, context)).endsWith(last));
    }

    final void awaitPassed(String commit) {
        await().atMost(Duration.ofSeconds(90))
                .until(() -> forge.states(commit, "airlock/main/pr/main").contains("success"));
    }

    final String newestRun() throws Exception {
        return bot.get("/runs/" + bot.runs().getFirst());
    }

    /// The page of the first run of the request that a status of the commit links to.
    final String runOf(String commit) throws Exception {
        String target =
                forge.statuses().stream()
                        .filter(status -> status.commit().equals(commit))
                        .findFirst()
                        .orElseThrow()
                        .targetUrl();
        String request = bot.get(target.substring(target.indexOf("/requests/")));
        var run = Pattern.compile("/runs/[a-z0-9]{20}").matcher(request);
        assertThat(run.find()).as(request).isTrue();
        return bot.get(run.group());
    }

    static String shells(VmSpec machine) {
        return machine.steps().stream()
                .flatMap(
                        step ->
                                step.what() instanceof GuestStep.Execute(var words, _, _, _)
                                        ? words.stream()
                                        : Stream.<String>of())
                .collect(Collectors.joining("\n"));
    }

    final List<String> machinesSince(int before) {
        return host.started().stream().skip(before).map(ChangeRequests::shells).toList();
    }
}
