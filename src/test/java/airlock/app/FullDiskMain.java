package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.house.SmallDisk;
import airlock.vm.FakeVmHost;
import java.nio.file.Path;
import java.time.Duration;

/// A bot whose state lies on a small disk of its own that fills up and empties again. A program,
/// since it runs in a mount namespace that only a process can have: see [FullDiskTest].
public final class FullDiskMain {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int MIB = 1 << 20;
    private static final String PLAN = "plan:\n  - {action: shell, shell: echo hello}\n";

    private final Path directory;
    private final Path state;
    private final LoopbackForge forge = LoopbackForge.start(0);

    private FullDiskMain(Path directory) {
        this.directory = directory;
        this.state = directory.resolve("state");
    }

    /// Runs it once.
    ///
    /// @param arguments a directory with an empty file system at `state`
    public static void main(String[] arguments) throws Exception {
        new FullDiskMain(Path.of(arguments[0])).run();
        System.out.println("it went on by itself");
        System.exit(0);
    }

    private void run() throws Exception {
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
        var host = new FakeVmHost();
        var pushes = new Pushes(directory, forge);
        try (var bot = Bot.startWith(directory, forge, host, "retention: {reserve: 16 MiB}")) {
            String before = pushes.push(bot, PLAN);
            awaitSuccess(before);
            SmallDisk.fill(state);
            String meanwhile = pushes.push(bot, PLAN); // kept, or refused and sent again below
            assertThat(((Reply.Done) bot.ask(new Command.Runs(9)).getLast()).message())
                    .contains("waits for room");
            int kept = untilRefused(bot);
            int started = host.started().size();
            assertThat(started).isEqualTo(1);

            SmallDisk.empty(state);
            int status = forge.sendLastAgain(7);
            assertThat(status).isIn(200, 202);
            awaitSuccess(meanwhile);
            await().atMost(LONG).until(() -> post(bot, "after", MIB) == 202);
            assertThat(host.started()).hasSizeGreaterThan(started);
            System.out.println(kept + " deliveries were kept on the full disk");
        }
    }

    private void awaitSuccess(String commit) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
    }

    private int untilRefused(Bot bot) throws Exception {
        for (int sent = 0; sent < 64; sent++) {
            int status = post(bot, "branch-" + sent, MIB);
            if (status == 503) {
                return sent;
            }
            assertThat(status).isEqualTo(202);
        }
        throw new AssertionError("64 MiB of deliveries fit on a full disk");
    }

    private static int post(Bot bot, String branch, int size) throws Exception {
        return new SignedPush(bot)
                .send(
                        body ->
                                body.put("ref", "refs/heads/" + branch)
                                        .put("before", "0".repeat(40))
                                        .put("compare_url", "x".repeat(size)));
    }
}
