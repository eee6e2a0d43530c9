package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.backup.Backup;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.machine.AppException;
import airlock.machine.Restoring;
import airlock.machine.StateDirectory;
import airlock.vm.FakeVmHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine is lost, and another one goes on from the backup.
final class BackupGoesOnTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String PLAN = "plan:\n  - {action: shell, shell: echo hello %s}\n";

    @TempDir Path directory;
    private LoopbackForge forge;

    @BeforeEach
    void startForge() {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stopForge() {
        forge.close();
    }

    private void awaitSuccess(String commit) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
    }

    @Test
    void whatWasOverStaysOverAndWhatWaitedOrRanGoesOnOnceOnANewMachine() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        Path file = directory.resolve("backup.tar");
        var pushes = new Pushes(directory, forge);
        String done;
        String key;
        try (var bot = Bot.start(old, forge, new FakeVmHost())) {
            done = pushes.push(bot, PLAN.formatted("one"));
            awaitSuccess(done);
            var made = bot.ask(new Command.NewSecret("alice/hello", "deploy")).getFirst();
            key = ((Reply.Key) made).publicKey();
        }
        String running;
        String waiting;
        var hanging = new HangingHost();
        try (var bot = Bot.start(old, forge, hanging)) {
            running = pushes.push(bot, PLAN.formatted("two"));
            hanging.awaitStart();
            waiting = pushes.push(bot, PLAN.formatted("three"));
            new Backup(old.resolve("state"), InstantSource.system()).make(file, true);
        }

        Restoring.restore(fresh.resolve("state"), file);
        var host = new FakeVmHost();
        try (var bot = Bot.start(fresh, forge, host)) {
            awaitSuccess(waiting);
            awaitSuccess(running);
            assertThat(host.started()).as("one machine for each of the two").hasSize(2);
            assertThat(forge.states(done, "airlock")).containsExactly("pending", "success");
            assertThat(bot.runs()).hasSize(3);
            assertThat(bot.get("/runs/" + bot.runs().getLast() + "/log.txt")).contains("hello one");
            assertThat(bot.ask(new Command.ListSecrets("")).getFirst())
                    .isInstanceOfSatisfying(
                            Reply.Stored.class, k -> assertThat(k.shown()).isEqualTo(key));
        }
    }

    @Test
    void aServerDoesNotStartOnARestoreThatWasInterrupted() throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.createDirectory(state.resolve("restoring.part"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> StateDirectory.lock(state))
                .isInstanceOf(AppException.class)
                .hasMessageContaining("was interrupted");
    }
}
