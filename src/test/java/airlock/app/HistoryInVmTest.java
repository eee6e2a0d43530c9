package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Git's own commands in a real machine, in the source of a plan of Ambient's file.
@Tag("vm")
final class HistoryInVmTest extends OnRealVms {
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

    @Test
    void gitsCommandsWorkInAmbientsSourceAndItsTreeIsClean() throws Exception {
        var checkout = Checkout.in(directory, forge);
        Path work = checkout.work();
        Files.writeString(work.resolve("first"), "1");
        checkout.git("add", "-A");
        checkout.git("commit", "-qm", "first");
        checkout.git("tag", "-a", "-m", "one", "v1");
        checkout.git("checkout", "-q", "-b", "secret");
        checkout.git("commit", "-q", "--allow-empty", "-m", "theirs");
        checkout.push("v1", "secret");
        checkout.git("checkout", "-q", "main");
        Path script = Files.writeString(work.resolve("run.sh"), "#!/bin/sh\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(work.resolve("link"), Path.of("run.sh"));
        Files.writeString(work.resolve("empty"), "");
        try (var bot = bot("id: 7")) {
            String commit = new Pushes(directory, forge).push(bot, ".radicle/ambient.yaml", PLAN);

            String log = passed(bot, commit);

            assertThat(log)
                    .containsPattern("\ndescribed: v1-1-g[0-9a-f]{7,}\n")
                    .contains("\non: refs/heads/main\n", "\ncommits: 2\n")
                    .contains("\narchived: run.sh\n", "\narchived: link\n")
                    .contains("\nlast: in-the-machine\n");
        }
    }
}
