package airlock.forge;

import airlock.event.ForgeKind;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// The differences between kinds of forges: webhooks, API, pages and names of rights. The kind is
/// known from the URL of the hook (ADR 0009), never guessed from headers: Gitea and Forgejo send
/// GitHub's headers too.
///
/// **Threads**: any; implementations have no state. **Failures, limits**: no method does I/O; the
/// arguments come from strangers.
public interface Forge {
    /// The forge of this kind.
    static Forge of(ForgeKind kind) {
        return switch (kind) {
            case GITEA -> Gitea.GITEA;
            case FORGEJO -> Gitea.FORGEJO;
            case GITHUB -> new GitHub();
        };
    }

    /// Constants in which forges differ.
    ///
    /// @param largestBody the largest webhook body to read, in bytes
    /// @param requestHeaders the headers of requests to its API, without credentials
    /// @param authorizationScheme of the `Authorization` header: `Bearer` or `token`
    /// @param stateField the field with the state in a listed status
    /// @param longestDescription the limit of a status's description, in code points
    /// @param hasMergeQueue whether its API shows merge queues
    /// @param howToGrantWriting how to let a token set statuses of a repository that its user can't
    ///     write to
    /// @param howToGrantScopes how to give a token the scopes that Airlock needs
    record Traits(
            long largestBody,
            Map<String, String> requestHeaders,
            String authorizationScheme,
            String stateField,
            int longestDescription,
            boolean hasMergeQueue,
            String howToGrantWriting,
            String howToGrantScopes) {}

    /// The constants of this forge.
    Traits traits();

    /// The prefix of its own headers, such as `X-Gitea-`.
    String headerPrefix();

    /// The name of the header for `what` (`Event` or `Delivery`) in a webhook with these `headers`.
    String header(String what, Headers headers);

    /// The HMAC-SHA-256 in the delivery's header, without the forge's prefix; empty if it is
    /// missing, empty, duplicate or malformed.
    String claimedSignature(Headers headers);

    /// The header lines for the signature `hex`, for samples.
    List<String> signatureLines(String hex);

    /// Whether a title marks a change request as a draft.
    boolean titleSaysDraft(String title);

    /// Adds the page size to `url`.
    HttpUrl.Builder pagesOf(int size, HttpUrl.Builder url);

    /// Adds the order to `url`: oldest change requests first, so that new ones appear at the end
    /// and shift no page.
    HttpUrl.Builder oldestFirst(HttpUrl.Builder url);

    /// The number of all statuses of a commit, from the answer that lists a page of them.
    long statuses(okhttp3.Headers headers, JsonNode body);

    /// Whether it treats the two contexts as the same.
    boolean isSameContext(String one, String other);

    /// Whether it may answer a status for an unknown commit with this HTTP status.
    boolean mayLackCommit(int status);

    /// Whether it answers a status for an unknown commit with this HTTP status, if the token may
    /// set statuses.
    boolean knowsNoCommit(int status);

    /// A further check if a token does not see a repository.
    String howToShowRepository();

    /// The path of a change request below the repository's page.
    String changePath(long number);

    /// The path of the files of a branch or tag below the repository's page, without the name.
    ///
    /// @param what `branch` or `tag`
    String treePath(String what);

    /// The event's name, empty if missing.
    default String eventName(Headers headers) {
        return headers.only(header("Event", headers));
    }

    /// The delivery's id, empty if missing.
    default String deliveryId(Headers headers) {
        return headers.only(header("Delivery", headers));
    }

    /// Reads a body whose signature was valid.
    ///
    /// @param name the forge's name in the configuration
    /// @param eventName what [#eventName(Headers)] gave
    default EventReading read(String name, String eventName, byte[] body) {
        try {
            return new EventReader(this, name, body).read(eventName);
        } catch (MalformedBodyException | IllegalArgumentException e) {
            // the constructors of events reject malformed refs, ids and numbers
            return new EventReading.Malformed(String.valueOf(e.getMessage()));
        }
    }
}
