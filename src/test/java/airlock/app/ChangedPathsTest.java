package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.HostedChange;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.vm.FakeVmHost;
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

/// Plans that are only for some files: real git, real server, machines that are doubles.
final class ChangedPathsTest {
    private static final String PLAN =
            """
            when: {paths: ["src/**"]}
            plan: [{action: shell, shell: exit %d}]
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
        Path path = directory.resolve("work").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        git("add", "-A");
        git("commit", "-q", "-m", "x");
        return git("rev-parse", "HEAD");
    }

    private void push(String ref) {
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git("push", "-qf", "http://" + authority + "/alice/hello.git", ref);
    }

    private String pushed(String file, String text, String state) throws Exception {
        String commit = commit(file, text);
        push("main");
        awaitState(commit, "airlock/main", state);
        return commit;
    }

    private void awaitState(String commit, String context, String state) {
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(forge.states(commit, context)).endsWith(state));
    }

    @Test
    void aPushIsComparedWithWhatPassedLast() throws Exception {
        pushed(".airlock.yaml", PLAN.formatted(0), "success");
        assertThat(host.started()).as("a branch's first push is run").hasSize(1);

        pushed("docs/a", "1", "success");
        assertThat(host.started()).as("nothing of src").hasSize(1);

        pushed("src/a", "1", "success");
        assertThat(host.started()).hasSize(2);

        pushed(".airlock.yaml", PLAN.formatted(3), "failure");
        assertThat(host.started()).as("the plan itself").hasSize(3);

        String docs = pushed("docs/a", "2", "failure");
        assertThat(host.started()).as("what failed is still in it").hasSize(4);
        assertThat(forge.states(docs, "airlock/main")).startsWith("pending");
    }

    @Test
    void aChangeRequestIsComparedWithItsTarget() throws Exception {
        pushed(".airlock.yaml", PLAN.formatted(0), "success");
        // what is there at the first look is nobody's event
        sweep();
        git("checkout", "-q", "-b", "topic");
        String docs = commit("docs/a", "1");
        offer(1, docs);
        awaitState(docs, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(1);

        // the target's `when`, whatever the commit's says
        String source = commit("src/a", "1");
        offer(2, source);
        awaitState(source, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(2);

        git("checkout", "-q", "-f", "-B", "other", "main");
        String own = commit(".airlock.yaml", PLAN.formatted(0).replace("src/**", "none"));
        offer(3, own);
        awaitState(own, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(3);
    }

    private void offer(long number, String head) {
        push(head + ":refs/pull/" + number + "/head");
        forge.change(7, HostedChange.inside(number, "main", head, "x").from(8, "x"));
        sweep();
    }

    private void sweep() {
        assertThat(bot.ask(new Command.Sweep("alice/hello")).getLast())
                .isInstanceOf(Reply.Done.class);
    }
}
