package airlock.forge;

import airlock.base.Json;
import airlock.config.ForgeConfig;
import airlock.event.CommitId;
import airlock.event.QueuedChanges;
import airlock.forge.ForgeApi.Outcome;
import airlock.text.SafeText;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads merge queues from GitHub (docs.github.com, "GraphQL API", `MergeQueueEntry`). Each entry
/// has a change request, the commit of its group and that commit's base: the group before it, or
/// the target branch.
///
/// **Failures**: none, each is an answer.
public final class HttpMergeQueue {
    /// Entries requested; the changes of a group that reaches farther back stay unnamed.
    private static final int MOST = 100;

    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int LONGEST_MESSAGE = 200;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String QUERY =
            """
            query($owner: String!, $name: String!, $branch: String!) {
              repository(owner: $owner, name: $name) {
                databaseId
                mergeQueue(branch: $branch) {
                  entries(first: %d) { nodes {
                    headCommit { oid } baseCommit { oid }
                    pullRequest { isCrossRepository headRefName headRefOid }
                  } }
                }
              }
            }
            """
                    .formatted(MOST);

    private final ForgeApi api;
    private final HttpUrl url;

    public HttpMergeQueue(ForgeConfig forge) {
        this.api = new ForgeApi(forge, LIMIT);
        this.url = HttpUrl.get(graphQl(forge.api()));
    }

    /// `/graphql` at github.com, `/api/graphql` at GitHub Enterprise Server.
    private static URI graphQl(URI rest) {
        String text = rest.toString();
        String enterprise = "/api/v3";
        return URI.create(
                text.endsWith(enterprise)
                        ? text.substring(0, text.length() - enterprise.length()) + "/api/graphql"
                        : text + "/graphql");
    }

    /// The changes from the group with this `head` back to the branch `target`.
    public QueuedChanges of(ForgeRepository repository, String target, CommitId head) {
        if (!api.forge().traits().hasMergeQueue()) {
            return new QueuedChanges.Unnamed(
                    "forge '%s' has no merge queue to be asked".formatted(api.name()));
        }
        String[] name = repository.fullName().split("/", 2);
        var variables = Map.of("owner", name[0], "name", name[1], "branch", target);
        byte[] body = Json.bytes(Map.of("query", QUERY, "variables", variables));
        return switch (api.post(url, body)) {
            case Outcome.Failed(String reason, _) -> away(reason);
            case Outcome.Answered answer when answer.status() == 200 ->
                    read(answer.body(), repository, head);
            case Outcome.Answered answer when answer.status() >= 500 || answer.status() == 429 ->
                    away("it answered " + answer.status());
            case Outcome.Answered answer -> unnamed("it answered " + answer.status());
        };
    }

    private QueuedChanges read(byte[] body, ForgeRepository repository, CommitId head) {
        if (body.length > LONGEST_ANSWER) {
            return unnamed("its answer has " + body.length + " bytes");
        }
        try {
            var answer = Json.read(body);
            var found = answer.path("data").path("repository");
            if (!found.path("databaseId").asString("").equals(repository.id().id())) {
                String said = answer.path("errors").path(0).path("message").asString("");
                return unnamed(
                        "it names no repository with the id %s: %s"
                                .formatted(
                                        repository.id().id(),
                                        SafeText.line(said, LONGEST_MESSAGE)));
            }
            return chain(found.path("mergeQueue").path("entries").path("nodes"), head);
        } catch (JacksonException | IllegalArgumentException e) {
            return unnamed("its answer can't be read");
        }
    }

    private QueuedChanges chain(JsonNode entries, CommitId head) {
        Map<String, JsonNode> byHead = new HashMap<>();
        entries.forEach(entry -> byHead.put(oid(entry, "headCommit"), entry));
        var heads = new ArrayList<QueuedChanges.Head>();
        CommitId at = head;
        for (var entry = byHead.remove(at.hex()); entry != null; entry = byHead.remove(at.hex())) {
            var change = entry.path("pullRequest");
            if (change.path("isCrossRepository").asBoolean(true)) {
                return unnamed("a change of another repository is in the queue");
            }
            heads.add(
                    new QueuedChanges.Head(
                            change.path("headRefName").asString(""),
                            new CommitId(change.path("headRefOid").asString(""))));
            at = new CommitId(oid(entry, "baseCommit"));
        }
        return heads.isEmpty()
                ? unnamed("no entry of its queue has the commit " + head.hex())
                : new QueuedChanges.Named(at, heads);
    }

    private static String oid(JsonNode entry, String field) {
        return entry.path(field).path("oid").asString("");
    }

    private QueuedChanges away(String why) {
        return new QueuedChanges.Away(asked(why));
    }

    private QueuedChanges unnamed(String why) {
        return new QueuedChanges.Unnamed(asked(why));
    }

    private String asked(String why) {
        return "forge '%s' was asked for its merge queue: %s".formatted(api.name(), why);
    }
}
