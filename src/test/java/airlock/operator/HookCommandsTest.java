package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.Bot;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.Secret;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import airlock.webhook.Signatures;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A hook's secret from its making to the delivery that is signed with it.
final class HookCommandsTest {
    private static final byte[] PING = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir Path directory;

    private static int deliver(Bot bot, String secret, String id) throws Exception {
        var signature = Signatures.sign(new Secret(secret), PING);
        var request =
                HttpRequest.newBuilder(URI.create(bot.url() + "/hooks/demo/alice/hello"))
                        .header("Content-Type", "application/json")
                        .header("X-Gitea-Event", "ping")
                        .header("X-Gitea-Delivery", id)
                        .header("X-Gitea-Signature", signature)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(PING))
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private static Reply.Hook made(Bot bot) {
        List<Reply> replies = bot.ask(new Command.NewHook("alice/hello", 1));
        assertThat(replies.getLast()).isInstanceOf(Reply.Done.class);
        return (Reply.Hook) replies.getFirst();
    }

    @Test
    void t8ANewSecretIsToldOnceAndGoodAtOnceBesideTheOneBeforeIt() throws Exception {
        try (var forge = LoopbackForge.start(0);
                var bot = Bot.start(directory, forge, new FakeVmHost())) {
            var first = made(bot);
            assertThat(first.url()).isEqualTo("http://ci.test/hooks/demo/alice/hello");
            assertThat(first.toString()).doesNotContain(first.secret());
            var second = made(bot);

            assertThat(deliver(bot, second.secret(), "1")).isEqualTo(200);
            assertThat(deliver(bot, first.secret(), "2")).isEqualTo(200);
            assertThat(deliver(bot, Bot.SECRET, "3")).isEqualTo(200);
            assertThat(deliver(bot, "f".repeat(64), "4")).isEqualTo(401);
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aTestGoesTheWayOfADelivery() throws Exception {
        int port = freePort();
        try (var forge = LoopbackForge.start(0);
                var bot =
                        Bot.reachedAt(
                                directory,
                                forge,
                                new FakeVmHost(),
                                "http://127.0.0.1:" + port,
                                port)) {
            assertThat(bot.ask(new Command.TestHook("demo/alice/hello")).getLast())
                    .isInstanceOfSatisfying(
                            Reply.Done.class,
                            done -> assertThat(done.message()).contains("the hook works"));
            assertThat(bot.ask(new Command.TestHook("alice/none")).getLast())
                    .isInstanceOfSatisfying(
                            Reply.Problem.class,
                            problem -> assertThat(problem.message()).contains("alice/none"));
        }
    }

    @Test
    void aTestSaysWhereNobodyAnswersAndWhereSomebodyElseDoes() throws Exception {
        int nobody = freePort();
        try (var forge = LoopbackForge.start(0)) {
            assertThat(tested(forge, "http://127.0.0.1:" + nobody, "nobody"))
                    .contains("nobody answers at http://127.0.0.1:" + nobody + "/hooks/");
            assertThat(tested(forge, forge.url().toString(), "forge")).contains(" answered 404");
        }
    }

    private String tested(LoopbackForge forge, String reached, String name) throws Exception {
        var place = Files.createDirectory(directory.resolve(name));
        try (var bot = Bot.reachedAt(place, forge, new FakeVmHost(), reached, 0)) {
            var reply = bot.ask(new Command.TestHook("alice/hello")).getLast();
            return ((Reply.Problem) reply).message();
        }
    }
}
