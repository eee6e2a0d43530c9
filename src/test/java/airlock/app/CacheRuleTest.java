package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.vm.Drive;
import airlock.vm.DriveContent;
import airlock.vm.FakeVmHost;
import airlock.vm.TestTar;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans that say what becomes of their cache: real git, real server, machines that are doubles.
final class CacheRuleTest {
    @TempDir Path directory;
    private final FakeVmHost host = new FakeVmHost();
    private final LoopbackForge forge = LoopbackForge.start(0);
    private Bot bot;

    @BeforeEach
    void start() throws Exception {
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        Programs.run("git", "init", "-q", "-b", "main", directory.resolve("work").toString());
        bot = Bot.quick(directory, forge, host, "");
        forge.hook(7, URI.create(bot.url() + "/hooks/demo/alice/hello"), Bot.SECRET, false);
    }

    @AfterEach
    void stop() {
        bot.close();
        forge.close();
    }

    private String git(String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", directory.resolve("work").toString()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new)).strip();
    }

    private void write(String file, String text) throws Exception {
        Files.writeString(directory.resolve("work").resolve(file), text);
    }

    private String commit(String text) throws Exception {
        write("text", text);
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "x");
        return git("rev-parse", "HEAD");
    }

    private void push(String ref) {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git("push", "-qf", "http://" + authority + "/alice/hello.git", ref);
    }

    /// What a run of main starts from whose commit has that text; empty for nothing.
    private String starts(String text) throws Exception {
        String commit = commit(text);
        push("main");
        awaitState(commit, "airlock/main");
        return cache();
    }

    /// What a run from outside starts from.
    private String outside(long number, String text) throws Exception {
        String head = commit(text);
        push(head + ":refs/pull/" + number + "/head");
        forge.change(7, HostedChange.inside(number, "main", head, "x").from(8, "x"));
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
        awaitState(head, "airlock/main/pr/main");
        return cache();
    }

    private void awaitState(String commit, String context) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(forge.states(commit, context)).endsWith("success"));
    }

    private String cache() throws Exception {
        var content = host.started().getLast().contents().get(Drive.CACHE);
        return content instanceof DriveContent.Copy(var file)
                ? TestTar.texts(Files.readAllBytes(file)).getOrDefault("x", "")
                : "";
    }

    private String log() throws Exception {
        return bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
    }

    private void plan(String cache) throws Exception {
        String plan =
                """
                cache: %s
                plan:
                  - action: shell
                    shell: cp /ci/src/text /ci/cache/x
                """
                        .formatted(cache);
        write(".airlock.yaml", plan);
    }

    @Test
    void aCacheWithAKeyIsFoundOnlyWhereItsFilesAreAsTheyWere() throws Exception {
        plan("{key: [\"*.lock\"]}");
        write("a.lock", "one");
        assertThat(starts("1")).isEmpty();
        assertThat(starts("2")).isEqualTo("1");

        write("a.lock", "two");
        assertThat(starts("3")).isEmpty();
        write("a.lock", "one");
        assertThat(starts("4")).as("the newest of that key").isEqualTo("2");
        write("sub.txt", "no lock file");
        assertThat(starts("5")).isEqualTo("4");
    }

    @Test
    void aCacheWithAnotherNameIsAnotherOne() throws Exception {
        plan("{name: first}");
        assertThat(starts("1")).isEmpty();
        plan("{name: second}");
        assertThat(starts("2")).isEmpty();
        plan("{}");
        assertThat(starts("3")).isEmpty();
        plan("{name: first}");
        assertThat(starts("4")).isEqualTo("1");

        assertThat(bot.ask(new Command.ListCaches("alice/hello")))
                .filteredOn(Reply.Cache.class::isInstance)
                .extracting(reply -> ((Reply.Cache) reply).name())
                .containsExactlyInAnyOrder("cache first", "cache second", "cache");
    }

    @Test
    void whoMayNotWriteLeavesNothing() throws Exception {
        plan("{write: never}");
        assertThat(starts("1")).isEmpty();
        assertThat(log()).contains("cache is not kept for later runs: `cache.write`");
        assertThat(starts("2")).isEmpty();
        plan("{write: listed}");
        assertThat(starts("3")).isEmpty();
        assertThat(starts("4")).isEqualTo("3");
    }

    @Test
    void t6ARunFromOutsideNeverWritesWhatAnInsideRunReads() throws Exception {
        plan("{name: shared, write: all}");
        assertThat(starts("ours")).isEmpty();
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);

        git("checkout", "-q", "-B", "other", "main");
        assertThat(outside(1, "evil")).isEqualTo("ours");
        assertThat(outside(2, "another's")).isEqualTo("ours");

        git("checkout", "-q", "-f", "main");
        git("merge", "-q", "--ff-only", "other");
        assertThat(starts("merged")).isEqualTo("ours");
    }

    @Test
    void t3WhetherARunFromOutsideLeavesACacheSaysTheTargetBranch() throws Exception {
        plan("{write: inside}");
        assertThat(starts("ours")).isEmpty();
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);

        git("checkout", "-q", "-B", "other", "main");
        plan("{write: all}");
        assertThat(outside(1, "evil")).isEqualTo("ours");
        assertThat(log()).contains("cache is not kept for later runs: `cache.write`");
    }
}
