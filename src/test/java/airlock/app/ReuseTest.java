package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.vm.GuestStep;
import org.junit.jupiter.api.Test;

/// Plans with `reuse: true`: real git, real server, machines that are doubles.
final class ReuseTest extends OnBot {
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

    /// Its dependencies come from the commit.
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

    private int machines(String file, String text) throws Exception {
        int before = host.started().size();
        String commit = checkout().commit(file, text);
        checkout().push("main");
        awaitState(commit, "airlock/main", "success");
        return host.started().size() - before;
    }

    @Test
    void prePlanIsNotRunWhileWhatItDependsOnIsAsItWas() throws Exception {
        assertThat(machines(".airlock.yaml", PLAN.formatted("one"))).isEqualTo(2);
        assertThat(bot.log()).contains("the files that pre_plan reads; it is run", "one");

        assertThat(machines("source", "changed")).isEqualTo(1);
        assertThat(bot.log()).contains("pre_plan is not run: ", "\none").doesNotContain("dummy");
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
        assertThat(bot.log()).contains("\ntwo");
        assertThat(machines("source", "again")).isEqualTo(1);
        assertThat(bot.log()).contains("\ntwo");

        assertThat(bot.ask(new Command.ListCaches("alice/hello")))
                .filteredOn(
                        reply -> reply instanceof Reply.Cache it && it.reusedSince().isPresent())
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
        checkout().commit("lock", "one");
        assertThat(machines(".airlock.yaml", COPYING)).isEqualTo(2);
        assertThat(bot.log()).contains("this source, all of which pre_plan may read");
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
        String commit = checkout().commit(".airlock.yaml", bad);
        checkout().push("main");
        awaitState(commit, "airlock/main", "failure");
        int before = host.started().size();
        String again = checkout().commit(".airlock.yaml", bad);
        checkout().push("main");
        awaitState(again, "airlock/main", "failure");
        assertThat(host.started().size() - before).isEqualTo(1);
        assertThat(bot.log()).doesNotContain("pre_plan is not run");
    }

    @Test
    void t6WhatStrangersBroughtIsNotReusedAndTheyMayHaveTheDefaultBranchs() throws Exception {
        checkout().commit("lock", "good");
        assertThat(machines(".airlock.yaml", COPYING)).isEqualTo(2);
        sweep();

        checkout().git("checkout", "-q", "-B", "other", "main");
        int before = host.started().size();
        String evil = checkout().commit("lock", "evil");
        offer(1, evil);
        awaitState(evil, "airlock/main/pr/main", "success");
        assertThat(host.started().size() - before).isEqualTo(2);
        assertThat(bot.log()).contains("\nevil");

        checkout().git("checkout", "-q", "main");
        checkout().git("merge", "-q", "--ff-only", "other");
        assertThat(machines("lock", "evil")).as("what strangers brought is not ours").isEqualTo(2);

        checkout().git("checkout", "-q", "-B", "third", "main");
        before = host.started().size();
        String reused = checkout().commit("lock", "evil");
        offer(2, reused);
        awaitState(reused, "airlock/main/pr/main", "success");
        assertThat(host.started().size() - before).as("the default branch's").isEqualTo(1);
    }
}
