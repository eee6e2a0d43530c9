package airlock.bench;

import airlock.event.Secret;
import airlock.webhook.Signatures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Makes deliveries of one size, ready to be sent: the push of webhook-samples to one branch after
/// the other, each with commits of its own, so that each asks for a request. They are signed
/// before they are sent, so that the sender costs as little as it can.
final class SignedPushes {
    private static final Path SAMPLE = Path.of("webhook-samples", "gitea", "push.json");
    private static final int BRANCHES = 100;
    private static final String BEFORE = "b".repeat(40);
    private static final String AFTER = "a".repeat(40);
    private static final String BRANCH = "the-branch";

    private final String path;
    private final Secret secret;
    private final String template;
    private final Map<String, String> tips = new HashMap<>();
    private final SplittableRandom random = new SplittableRandom();
    private int made;

    /// @param path of the hook, from its slash on
    /// @param size of a body, in bytes
    SignedPushes(String path, Secret secret, int size) throws IOException {
        this.path = path;
        this.secret = secret;
        this.template = template(size);
    }

    private static String template(int size) throws IOException {
        var body = (ObjectNode) JsonMapper.shared().readTree(Files.readString(SAMPLE));
        body.put("ref", "refs/heads/" + BRANCH).put("before", BEFORE).put("after", AFTER);
        ((ObjectNode) body.path("commits").get(0)).put("id", AFTER);
        ((ObjectNode) body.path("head_commit")).put("id", AFTER);
        var names = ((ObjectNode) body.path("head_commit")).putArray("added");
        while (body.toString().length() < size - 100) {
            names.add("src/part-%04d/some-file-of-the-commit.txt".formatted(names.size()));
        }
        body.put("compare_url", "");
        body.put("compare_url", "x".repeat(size - body.toString().length()));
        return body.toString();
    }

    /// The next deliveries, each a whole HTTP/1.1 request.
    List<byte[]> next(int count) {
        var requests = new ArrayList<byte[]>(count);
        for (int i = 0; i < count; i++) {
            requests.add(next());
        }
        return requests;
    }

    private byte[] next() {
        int branch = made++ % BRANCHES;
        String after =
                "%016x%016x%08x".formatted(random.nextLong(), random.nextLong(), random.nextInt());
        return of("branch-%03d".formatted(branch), after);
    }

    /// The push of `commit` to `branch`, a whole HTTP/1.1 request.
    byte[] of(String branch, String commit) {
        String before = tips.getOrDefault(branch, "0".repeat(BEFORE.length()));
        tips.put(branch, commit);
        byte[] body =
                template.replace(BEFORE, before)
                        .replace(AFTER, commit)
                        .replace(BRANCH, branch)
                        .getBytes(StandardCharsets.US_ASCII);
        var request = new ByteArrayOutputStream(body.length + 512);
        request.writeBytes(head(body).getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    private String head(byte[] body) {
        return """
        POST %s HTTP/1.1
        Host: 127.0.0.1
        Content-Type: application/json
        Content-Length: %d
        X-Gitea-Delivery: %s
        X-Gitea-Event: push
        X-Gitea-Event-Type: push
        X-Gitea-Signature: %s

        """
                .formatted(path, body.length, UUID.randomUUID(), Signatures.sign(secret, body))
                .replace("\n", "\r\n");
    }
}
