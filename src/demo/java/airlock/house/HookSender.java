package airlock.house;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/// Sends signed webhooks as Gitea does: five seconds of patience, never again after a failure.
final class HookSender {
    private static final String ZEROS = "0".repeat(40);
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final GiteaApi gitea;
    private final GithubApi github;

    HookSender(GiteaApi gitea, GithubApi github) {
        this.gitea = gitea;
        this.github = github;
    }

    /// Where the webhooks of a repository go.
    ///
    /// @param github whether they look like GitHub's, else like Gitea's
    record Hook(URI url, String secret, boolean github) {}

    /// A webhook and how the receiver answered it.
    ///
    /// @param status 0 where it did not
    record Sent(String event, String ref, byte[] body, int status, String answer) {}

    /// Tells the receiver what changed between `before` and `after`, both maps of refs to ids.
    List<Sent> announce(
            HostedRepository repository,
            Hook hook,
            Map<String, String> before,
            Map<String, String> after) {
        var sent = new ArrayList<Sent>();
        after.forEach(
                (ref, id) -> {
                    String old = before.getOrDefault(ref, ZEROS);
                    if (!old.equals(id)
                            && (ref.startsWith("refs/heads/") || ref.startsWith("refs/tags/"))) {
                        sent.add(push(repository, hook, ref, old, id));
                    }
                });
        return sent;
    }

    private Sent push(HostedRepository repository, Hook hook, String ref, String old, String id) {
        String commit = repository.commitOf(id);
        String message = repository.messageOf(commit);
        var head =
                Map.of(
                        "id",
                        commit,
                        "message",
                        message,
                        "author",
                        Map.of("name", "Alice", "email", "alice@example.org"));
        var body = new LinkedHashMap<String, Object>();
        body.put("ref", ref);
        body.put("before", old);
        body.put("after", id);
        body.put("commits", List.of(head));
        body.put("head_commit", head);
        if (hook.github()) {
            body.put("created", old.equals(ZEROS));
            body.put("deleted", false);
            body.put("forced", false);
            body.put("repository", github.describe(repository));
            body.put("pusher", Map.of("name", repository.owner(), "email", "alice@example.org"));
        } else {
            body.put("total_commits", 1);
            body.put("repository", gitea.describe(repository));
            body.put("pusher", GiteaApi.user(repository.owner()));
        }
        body.put("sender", GiteaApi.user(repository.owner()));
        return send(hook, "push", ref, JSON.writeValueAsBytes(body));
    }

    /// Sends the same bytes under a new delivery id, as the forges' button for it does.
    Sent again(Hook hook, Sent sent) {
        return send(hook, sent.event(), sent.ref(), sent.body());
    }

    private Sent send(Hook hook, String event, String ref, byte[] body) {
        String signature = hmac(hook.secret(), body);
        String delivery = UUID.randomUUID().toString();
        var request =
                HttpRequest.newBuilder(hook.url())
                        .timeout(Duration.ofSeconds(5))
                        .header("Content-Type", "application/json")
                        .header("X-GitHub-Event", event)
                        .header("X-GitHub-Delivery", delivery)
                        .header("X-Hub-Signature-256", "sha256=" + signature);
        if (!hook.github()) {
            request.header("X-Gitea-Event", event)
                    .header("X-Gitea-Event-Type", event)
                    .header("X-Gitea-Delivery", delivery)
                    .header("X-Gitea-Signature", signature);
        }
        try {
            var answer =
                    client.send(
                            request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                            HttpResponse.BodyHandlers.ofString());
            return new Sent(event, ref, body, answer.statusCode(), answer.body());
        } catch (IOException e) {
            return new Sent(event, ref, body, 0, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Sent(event, ref, body, 0, "interrupted");
        }
    }

    static String hmac(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
