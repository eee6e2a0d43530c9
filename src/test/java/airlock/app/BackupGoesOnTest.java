package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.backup.Backup;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.machine.AppException;
import airlock.machine.StateDirectory;
import airlock.vm.FakeVmHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/// A machine is lost, and another one goes on from the backup.
final class BackupGoesOnTest extends OnForge {
    private static final String PLAN = "plan:\n  - {action: shell, shell: echo hello %s}\n";

    @Test
    void whatWasOverStaysOverAndWhatWaitedOrRanGoesOnOnceOnANewMachine() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        Path fresh = Files.createDirectory(directory.resolve("fresh"));
        Path file = directory.resolve("backup.tar");
        String done;
        String key;
        try (var bot = Bot.start(old, forge, new FakeVmHost())) {
            done = push(bot, PLAN.formatted("one"));
            awaitState(done, "airlock", "success");
            key = bot.newKey("deploy");
        }
        String running;
        String waiting;
        var hanging = new HangingHost();
        try (var bot = Bot.start(old, forge, hanging)) {
            running = push(bot, PLAN.formatted("two"));
            hanging.awaitStart();
            waiting = push(bot, PLAN.formatted("three"));
            new Backup(old.resolve("state"), InstantSource.system()).make(file, true);
        }

        StateDirectory.restore(fresh.resolve("state"), file, false);
        var host = new FakeVmHost();
        try (var bot = Bot.start(fresh, forge, host)) {
            awaitState(waiting, "airlock", "success");
            awaitState(running, "airlock", "success");
            assertThat(host.started()).as("one machine for each of the two").hasSize(2);
            assertThat(forge.states(done, "airlock")).containsExactly("pending", "success");
            assertThat(bot.runs()).hasSize(3);
            assertThat(bot.get("/runs/" + bot.runs().getLast() + "/log.txt")).contains("hello one");
            assertThat(bot.ask(new Command.ListSecrets("")).getFirst())
                    .isInstanceOfSatisfying(
                            Reply.Stored.class, k -> assertThat(k.publicKey()).contains(key));
        }
    }

    @Test
    void aServerDoesNotStartOnARestoreThatWasInterrupted() throws Exception {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.createDirectory(state.resolve("restoring.part"));
        assertThatThrownBy(() -> StateDirectory.lock(state))
                .isInstanceOf(AppException.class)
                .hasMessageContaining("was interrupted");
    }
}
