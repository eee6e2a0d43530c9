package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.vm.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Git's own commands in a real machine, in the source of a plan of Ambient's file.
@Tag("vm")
final class HistoryInVmTest {
    private static final String PLAN =
            """
            plan:
              - action: shell
                shell: |
                  git diff-index --quiet HEAD
                  git diff-files --quiet
                  test -z "$(git status --porcelain)"
                  echo "described: $(git describe --dirty)"
                  echo "on: $(git symbolic-ref HEAD)"
                  echo "commits: $(git rev-list --count --all)"
                  git fsck --strict --no-dangling
                  git archive HEAD | tar -t | sed 's/^/archived: /'
                  rm run.sh
                  git reset --hard
                  test -x run.sh
                  test -z "$(git remote)$(ls .git/hooks .git/logs 2>&1 | grep -v 'No such file')"
                  cd /workspace/src
                  git -c user.name=A -c user.email=a@example.org commit -q --allow-empty -m in-the-machine
                  echo "last: $(git log -1 --format=%s)"
            """;

    @TempDir Path directory;
    private RealMachines machines;
    private LoopbackForge forge;

    @BeforeEach
    void start() throws Exception {
        machines = RealMachines.in(directory);
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stop() {
        forge.close();
        machines.close();
    }

    private void git(String... arguments) throws Exception {
        Programs.run(
                Stream.concat(
                                Stream.of(
                                        "git",
                                        "-C",
                                        Pushes.checkout(directory).toString(),
                                        "-c",
                                        "user.name=A",
                                        "-c",
                                        "user.email=a@example.org"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void gitsCommandsWorkInAmbientsSourceAndItsTreeIsClean() throws Exception {
        Path work = Pushes.checkout(directory);
        Files.writeString(work.resolve("first"), "1");
        git("add", "-A");
        git("commit", "-qm", "first");
        git("tag", "-a", "-m", "one", "v1");
        git("checkout", "-q", "-b", "secret");
        git("commit", "-q", "--allow-empty", "-m", "theirs");
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git("push", "-q", "http://" + authority + "/alice/hello.git", "v1", "secret");
        git("checkout", "-q", "main");
        Path script = Files.writeString(work.resolve("run.sh"), "#!/bin/sh\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(work.resolve("link"), Path.of("run.sh"));
        Files.writeString(work.resolve("empty"), "");
        try (var bot = Bot.start(directory, forge, machines.host(), TestImage.boot(), "id: 7")) {
            String commit = new Pushes(directory, forge).push(bot, ".radicle/ambient.yaml", PLAN);

            String log = log(bot, commit);

            assertThat(log)
                    .containsPattern("\ndescribed: v1-1-g[0-9a-f]{7,}\n")
                    .contains("\non: refs/heads/main\n", "\ncommits: 2\n")
                    .contains("\narchived: run.sh\n", "\narchived: link\n")
                    .contains("\nlast: in-the-machine\n");
        }
    }

    private String log(Bot bot, String commit) throws Exception {
        await().atMost(Duration.ofMinutes(6))
                .until(
                        () ->
                                !forge.states(commit, "airlock").isEmpty()
                                        && !forge.states(commit, "airlock")
                                                .getLast()
                                                .equals("pending"));
        String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
        assertThat(forge.states(commit, "airlock")).as(log).endsWith("success");
        return log;
    }
}
