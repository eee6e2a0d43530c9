package airlock.app;

import airlock.event.Secret;
import airlock.webhook.Signatures;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Push deliveries, signed with the hook's secret, with any body.
public record SignedPush(Bot bot) {
    /// Sends one to the hook of `alice/hello`, whose id is 7; returns the answer's status.
    ///
    /// @param change what is other than in webhook-samples
    public int send(Consumer<ObjectNode> change) throws Exception {
        return send(bot.url(), change);
    }

    /// The same to a server that listens at `at`.
    public static int send(URI at, Consumer<ObjectNode> change) throws Exception {
        var mapper = JsonMapper.shared();
        String sample = Files.readString(Path.of("webhook-samples/gitea/push.json"));
        var body = (ObjectNode) mapper.readTree(sample);
        ((ObjectNode) body.path("repository")).put("id", 7).put("full_name", "alice/hello");
        change.accept(body);
        byte[] bytes = mapper.writeValueAsBytes(body);
        var request =
                HttpRequest.newBuilder(URI.create(at + "/hooks/demo/alice/hello"))
                        .header("Content-Type", "application/json")
                        .header("X-Gitea-Event", "push")
                        .header("X-Gitea-Event-Type", "push")
                        .header("X-Gitea-Delivery", UUID.randomUUID().toString())
                        .header("X-Gitea-Signature", Signatures.sign(new Secret(Bot.SECRET), bytes))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
