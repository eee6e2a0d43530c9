package airlock.forge;

import airlock.event.ForgeKind;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// What one kind of forge does otherwise than the others: its webhooks, its API, its pages and the
/// names of its rights. All that they do alike is in this package. The kind is known from the URL
/// of the hook (ADR 0009), never guessed from headers: Gitea and Forgejo send GitHub's headers too.
///
/// **Threads**: any, at once; implementations hold no state. **Failures, limits**: no method does
/// I/O; what it is given comes from strangers, and is read as it is.
public interface Forge {
    /// The forge of this kind.
    static Forge of(ForgeKind kind) {
        return switch (kind) {
            case GITEA -> Gitea.GITEA;
            case FORGEJO -> Gitea.FORGEJO;
            case GITHUB -> new GitHub();
        };
    }

    /// The largest body of a webhook that is read, in bytes.
    long largestBody();

    /// The start of the names of its own headers, such as `X-Gitea-`.
    String headerPrefix();

    /// The header that says `what`, `Event` or `Delivery`, in a webhook with these `headers`.
    String header(String what, Headers headers);

    /// The HMAC-SHA-256 that the delivery claims, as the forge wrote it without its prefix; empty
    /// if it is missing, empty, doubled or not of this forge's form.
    String claimedSignature(Headers headers);

    /// The headers by which it would sign with `hex`, for samples.
    List<String> signatureLines(String hex);

    /// Whether a title marks a change request as a draft.
    boolean titleSaysDraft(String title);

    /// The headers of each request to its API, without credentials.
    Map<String, String> requestHeaders();

    /// How a token is sent: `Bearer` or `token`.
    String authorizationScheme();

    /// Asks for pages with `size` entries.
    HttpUrl.Builder pagesOf(int size, HttpUrl.Builder url);

    /// Asks for the oldest change requests first: what is opened meanwhile comes at the end and
    /// moves nothing between pages.
    HttpUrl.Builder oldestFirst(HttpUrl.Builder url);

    /// How many statuses a commit has in all.
    ///
    /// @param headers of the answer that lists them
    /// @param body of the same
    long statuses(okhttp3.Headers headers, JsonNode body);

    /// The field with the state in a listed status.
    String stateField();

    /// Whether two contexts are one to it.
    boolean isSameContext(String one, String other);

    /// The longest description of a status, code points.
    int longestDescription();

    /// Whether it may answer this way to a status for a commit that it does not have.
    boolean mayLackCommit(int status);

    /// Whether it answers this way to a status for a commit that no repository has, if the token
    /// may set statuses.
    boolean knowsNoCommit(int status);

    /// Whether it has a merge queue that can be asked.
    boolean hasMergeQueue();

    /// How to let a token set statuses of a repository that its user can't write to yet.
    String howToGrantWriting();

    /// How to give a token the scopes that Airlock needs.
    String howToGrantScopes();

    /// What else to check if a token does not see a repository.
    String howToShowRepository();

    /// The path below a repository's page of a change request.
    String changePath(long number);

    /// The path below a repository's page of the files of a branch or tag, without its name.
    ///
    /// @param what `branch` or `tag`
    String treePath(String what);

    /// Its word for the event, empty if there is none.
    default String eventName(Headers headers) {
        return headers.only(header("Event", headers));
    }

    /// Its id for the delivery, empty if there is none.
    default String deliveryId(Headers headers) {
        return headers.only(header("Delivery", headers));
    }

    /// Reads a body whose signature was right.
    ///
    /// @param name the forge's name in the configuration
    /// @param eventName what [#eventName(Headers)] gave
    default EventReading read(String name, String eventName, byte[] body) {
        try {
            return new EventReader(this, name, body).read(eventName);
        } catch (MalformedBodyException | IllegalArgumentException e) {
            // the events' own constructors refuse what is not a ref, id or number
            return new EventReading.Malformed(String.valueOf(e.getMessage()));
        }
    }
}
