package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.vm.FakeVmHost;
import airlock.vm.GuestStep;
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

/// Plans with `reuse: true`: real git, real server, machines that are doubles.
final class ReuseTest {
    private static final String PLAN =
            """
            reuse: true
            pre_plan:
              - action: create_file
                filename: /ci/deps/x
                content: %s
                overwrite: true
              - action: dummy
            plan:
              - action: shell
                shell: |
                  cat /ci/deps/x
            """;

    /// What it brings is the commit's.
    private static final String COPYING =
            """
            reuse: true
            pre_plan:
              - action: shell
                shell: cp /ci/src/lock /ci/deps/x
            plan:
              - action: shell
                shell: |
                  cat /ci/deps/x
            """;

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

    private String commit(String file, String text) throws Exception {
        Files.writeString(directory.resolve("work").resolve(file), text);
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", "x");
        return git("rev-parse", "HEAD");
    }

    private void push(String ref) {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git("push", "-qf", "http://" + authority + "/alice/hello.git", ref);
    }

    /// Pushes a commit with that file and gives how many machines it took.
    private int machines(String file, String text) throws Exception {
        int before = host.started().size();
        String commit = commit(file, text);
        push("main");
        awaitState(commit, "airlock/main", "success");
        return host.started().size() - before;
    }

    private void awaitState(String commit, String context, String state) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(forge.states(commit, context)).endsWith(state));
    }

    private String log() throws Exception {
        return bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
    }

    @Test
    void prePlanIsNotRunWhileWhatItDependsOnIsAsItWas() throws Exception {
        assertThat(machines(".airlock.yaml", PLAN.formatted("one"))).isEqualTo(2);
        assertThat(log()).contains("the files that pre_plan reads; it is run", "one");

        assertThat(machines("source", "changed")).isEqualTo(1);
        assertThat(log()).contains("pre_plan is not run: ", "\none").doesNotContain("dummy");
        assertThat(host.started().getLast().steps())
                .filteredOn(step -> step.what() instanceof GuestStep.Execute)
                .allMatch(
                        step ->
                                ((GuestStep.Execute) step.what())
                                        .environment()
                                        .getOrDefault("DUMMY", "")
                                        .equals("1"));
        assertThat(bot.get("/runs/" + bot.runs().getFirst())).contains("pre_plan");

        assertThat(machines(".airlock.yaml", PLAN.formatted("two"))).isEqualTo(2);
        assertThat(log()).contains("\ntwo");
        assertThat(machines("source", "again")).isEqualTo(1);
        assertThat(log()).contains("\ntwo");

        assertThat(bot.ask(new Command.ListCaches("alice/hello")))
                .filteredOn(reply -> reply instanceof Reply.Cache it && it.keyedMillis() > 0)
                .singleElement()
                .matches(reply -> ((Reply.Cache) reply).name().equals("dependencies"));
        bot.ask(new Command.PruneCaches("alice/hello", 0));
        assertThat(machines("source", "pruned")).isEqualTo(2);
    }

    @Test
    void withoutReuseItIsRunEachTime() throws Exception {
        String plan = PLAN.formatted("one").replace("reuse: true", "reuse: false");
        assertThat(machines(".airlock.yaml", plan)).isEqualTo(2);
        assertThat(machines("source", "changed")).isEqualTo(2);
    }

    @Test
    void whereItMayRunTheCommitsCodeAnyChangeOfTheSourceRunsIt() throws Exception {
        commit("lock", "one");
        assertThat(machines(".airlock.yaml", COPYING)).isEqualTo(2);
        assertThat(log()).contains("this source, all of which pre_plan may read");
        assertThat(machines(".airlock.yaml", COPYING)).as("the same tree").isEqualTo(1);
        assertThat(machines("source", "changed")).isEqualTo(2);
    }

    @Test
    void oneThatFailedIsRunAgain() throws Exception {
        String bad =
                """
                reuse: true
                pre_plan:
                  - {action: create_file, filename: /ci/deps/x, content: a, overwrite: true}
                  - {action: shell, shell: exit 3}
                plan: [{action: pwd}]
                """;
        String commit = commit(".airlock.yaml", bad);
        push("main");
        awaitState(commit, "airlock/main", "failure");
        int before = host.started().size();
        String again = commit(".airlock.yaml", bad);
        push("main");
        awaitState(again, "airlock/main", "failure");
        assertThat(host.started().size() - before).isEqualTo(1);
        assertThat(log()).doesNotContain("pre_plan is not run");
    }

    @Test
    void t6WhatStrangersBroughtIsNotReusedAndTheyMayHaveTheDefaultBranchs() throws Exception {
        commit("lock", "good");
        assertThat(machines(".airlock.yaml", COPYING)).isEqualTo(2);
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);

        git("checkout", "-q", "-B", "other", "main");
        int before = host.started().size();
        String evil = commit("lock", "evil");
        offer(1, evil);
        assertThat(host.started().size() - before).isEqualTo(2);
        assertThat(log()).contains("\nevil");

        git("checkout", "-q", "main");
        git("merge", "-q", "--ff-only", "other");
        assertThat(machines("lock", "evil")).as("what strangers brought is not ours").isEqualTo(2);

        git("checkout", "-q", "-B", "third", "main");
        before = host.started().size();
        offer(2, commit("lock", "evil"));
        assertThat(host.started().size() - before).as("the default branch's").isEqualTo(1);
    }

    private void offer(long number, String head) {
        push(head + ":refs/pull/" + number + "/head");
        forge.change(7, HostedChange.inside(number, "main", head, "x").from(8, "x"));
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
        awaitState(head, "airlock/main/pr/main", "success");
    }
}
