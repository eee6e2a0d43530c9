package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Secret;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import airlock.webhook.Signatures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A bot whose state lies on a small disk of its own that fills up and empties again. A program,
/// since it runs in a mount namespace that only a process can have: see [FullDiskTest].
public final class FullDiskMain {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int MIB = 1 << 20;
    private static final String PLAN = "plan:\n  - {action: shell, shell: echo hello}\n";

    private final Path directory;
    private final Path ballast;
    private final LoopbackForge forge = LoopbackForge.start(0);

    private FullDiskMain(Path directory) {
        this.directory = directory;
        this.ballast = directory.resolve("state/ballast");
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
            fill();
            String meanwhile = pushes.push(bot, PLAN); // kept, or refused and sent again below
            assertThat(((Reply.Done) bot.ask(new Command.Runs(9)).getLast()).message())
                    .contains("waits for room");
            int kept = untilRefused(bot);
            int started = host.started().size();
            assertThat(started).isEqualTo(1);

            Files.delete(ballast);
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

    /// Takes all that is left.
    private void fill() throws IOException {
        try (var channel =
                FileChannel.open(
                        ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int size = MIB; size > 0; size /= 2) {
                fill(channel, size);
            }
        }
    }

    private static void fill(FileChannel channel, int piece) {
        try {
            while (true) {
                channel.write(ByteBuffer.allocate(piece));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /// Sends deliveries until one can't be kept; returns how many were.
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
        var body =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(
                                        Files.readString(
                                                Path.of("webhook-samples/gitea/push.json")));
        body.put("ref", "refs/heads/" + branch).put("before", "0".repeat(40));
        ((ObjectNode) body.path("repository")).put("id", 7).put("full_name", "alice/hello");
        body.put("compare_url", "x".repeat(size));
        byte[] bytes = JsonMapper.shared().writeValueAsBytes(body);
        var request =
                HttpRequest.newBuilder(URI.create(bot.url() + "/hooks/demo/alice/hello"))
                        .header("Content-Type", "application/json")
                        .header("X-Gitea-Event", "push")
                        .header("X-Gitea-Event-Type", "push")
                        .header("X-Gitea-Delivery", "delivery-" + branch)
                        .header("X-Gitea-Signature", Signatures.sign(new Secret(Bot.SECRET), bytes))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
