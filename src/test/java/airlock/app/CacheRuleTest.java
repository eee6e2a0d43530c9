package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.vm.Drive;
import airlock.vm.TestTar;
import airlock.vm.VmSpec.DriveContent;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// Plans that say what becomes of their cache: real git, real server, machines that are doubles.
final class CacheRuleTest extends OnBot {

    /// The cache that a run of main starts with, whose commit has that text; empty for none.
    private String starts(String text) throws Exception {
        String commit = checkout().commit("text", text);
        checkout().push("main");
        awaitState(commit, "airlock/main", "success");
        return cache();
    }

    private String outside(long number, String text) throws Exception {
        String head = checkout().commit("text", text);
        offer(number, head);
        awaitState(head, "airlock/main/pr/main", "success");
        return cache();
    }

    private String cache() throws Exception {
        var content = host.started().getLast().contents().get(Drive.CACHE);
        return content instanceof DriveContent.Copy(var file)
                ? TestTar.texts(Files.readAllBytes(file)).getOrDefault("x", "")
                : "";
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
        checkout().write(".airlock.yaml", plan);
    }

    @Test
    void aCacheWithAKeyIsFoundOnlyWhereItsFilesAreAsTheyWere() throws Exception {
        plan("{key: [\"*.lock\"]}");
        checkout().write("a.lock", "one");
        assertThat(starts("1")).isEmpty();
        assertThat(starts("2")).isEqualTo("1");

        checkout().write("a.lock", "two");
        assertThat(starts("3")).isEmpty();
        checkout().write("a.lock", "one");
        assertThat(starts("4")).as("the newest of that key").isEqualTo("2");
        checkout().write("sub.txt", "no lock file");
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
        assertThat(bot.log()).contains("cache is not kept for later runs: `cache.write`");
        assertThat(starts("2")).isEmpty();
        plan("{write: listed}");
        assertThat(starts("3")).isEmpty();
        assertThat(starts("4")).isEqualTo("3");
    }

    @Test
    void t6ARunFromOutsideNeverWritesWhatAnInsideRunReads() throws Exception {
        plan("{name: shared, write: all}");
        assertThat(starts("ours")).isEmpty();
        sweep();

        checkout().git("checkout", "-q", "-B", "other", "main");
        assertThat(outside(1, "evil")).isEqualTo("ours");
        assertThat(outside(2, "another's")).isEqualTo("ours");

        checkout().git("checkout", "-q", "-f", "main");
        checkout().git("merge", "-q", "--ff-only", "other");
        assertThat(starts("merged")).isEqualTo("ours");
    }

    @Test
    void t3WhetherARunFromOutsideLeavesACacheSaysTheTargetBranch() throws Exception {
        plan("{write: inside}");
        assertThat(starts("ours")).isEmpty();
        sweep();

        checkout().git("checkout", "-q", "-B", "other", "main");
        plan("{write: all}");
        assertThat(outside(1, "evil")).isEqualTo("ours");
        assertThat(bot.log()).contains("cache is not kept for later runs: `cache.write`");
    }
}
