package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.SmallDisk;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The host's disk runs full and empties again.
final class FullDiskTest extends OnForge {
    private static final String PLAN = "plan:\n  - {action: shell, shell: echo hello}\n";

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger asked = new AtomicInteger();

    private long room() {
        asked.incrementAndGet();
        return free.get();
    }

    /// Waits until the pollers of the disk have checked it several times.
    private void awaitManyLooks() {
        int before = asked.get();
        await().atMost(LONG).until(() -> asked.get() > before + 6);
    }

    @Test
    void belowTheReserveNothingIsBegunWhatWaitsSaysSoAndGoesOnByItself() throws Exception {
        free.set(1 << 20);
        try (var bot = Bot.start(directory, forge, host, this::room)) {
            String commit = push(bot, PLAN);
            awaitManyLooks();

            var page = Pattern.compile("/requests/[a-z0-9]{20}").matcher(bot.get("/"));
            assertThat(page.find()).isTrue();
            assertThat(bot.get(page.group())).contains("waits for room");
            assertThat(((Reply.Done) bot.ask(new Command.Runs(9)).getLast()).message())
                    .isEqualTo(
                            "new work waits for room: the server's disk has less free than its reserve of 2048 MiB");
            assertThat(host.started()).isEmpty();

            free.set(Long.MAX_VALUE);
            awaitState(commit, "airlock", "success");
            assertThat(((Reply.Done) bot.ask(new Command.Runs(9)).getLast()).message()).isEmpty();
        }
    }

    /// The disk is full as soon as the first machine writes to it.
    private final class Filling implements VmHost {
        private final AtomicInteger starts = new AtomicInteger();

        @Override
        public Vm start(VmSpec spec, Consumer<GuestRecord> listener) {
            if (starts.incrementAndGet() == 1) {
                free.set(0);
                host.nextEnds(new VmEnd.HostFailed("vda: No space left on device"));
            }
            return host.start(spec, listener);
        }
    }

    @Test
    void aPhaseThatWasHitIsTriedOnceMoreWhenThereIsRoomAgain() throws Exception {
        var filling = new Filling();
        try (var bot = Bot.start(directory, forge, filling, this::room)) {
            String commit = push(bot, PLAN);
            await().atMost(LONG).until(() -> filling.starts.get() == 1);
            awaitManyLooks();
            assertThat(filling.starts.get()).as("tries while the disk is full").isEqualTo(1);

            free.set(Long.MAX_VALUE);
            awaitState(commit, "airlock", "success");
            assertThat(filling.starts.get()).isEqualTo(2);
        }
    }

    @Test
    void aRunThatWaitsForRoomCanBeCancelled() throws Exception {
        var filling = new Filling();
        try (var bot = Bot.start(directory, forge, filling, this::room)) {
            String commit = push(bot, PLAN);
            await().atMost(LONG).until(() -> filling.starts.get() == 1);
            var run = new airlock.event.RunId(bot.runs().getFirst());
            bot.ask(new Command.Cancel(run));

            awaitState(commit, "airlock", "error");
            assertThat(filling.starts.get()).isEqualTo(1);
        }
    }

    /// On a real file system of 64 MiB.
    @Test
    void onARealDiskIntakeAnswers503KeepsNothingHalfAndGoesOnByItself() throws Exception {
        String missing = SmallDisk.missing();
        if (!missing.isEmpty()) {
            System.out.println("skipped: " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        Path state = Files.createDirectory(directory.resolve("state"));
        var command = new ArrayList<>(SmallDisk.of(64, state));
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        FullDiskMain.class.getName(),
                        directory.toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("it went on by itself");
        assertThat(state).isEmptyDirectory();
    }
}
