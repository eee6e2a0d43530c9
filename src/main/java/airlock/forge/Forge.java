package airlock.forge;

import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.forge.JsonFields.MalformedBodyException;
import airlock.text.SafeText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import tools.jackson.databind.JsonNode;

/// The differences between kinds of forges: webhooks, API, pages and names of rights. The kind is
/// known from the URL of the hook (ADR 0009), never guessed from headers: Gitea and Forgejo send
/// GitHub's headers too.
///
/// **Threads**: any; implementations have no state. **Failures, limits**: no method does I/O; the
/// arguments come from strangers.
public interface Forge {
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
    /// @param hasMergeQueue whether its API shows merge queues
    /// @param changePath the path of change request %d below the repository's page
    /// @param treePath the path of the files of a branch or tag (%s) below the repository's page,
    ///     without the name
    record Traits(
            long largestBody,
            Map<String, String> requestHeaders,
            String authorizationScheme,
            Statuses statuses,
            boolean hasMergeQueue,
            Advice advice,
            String changePath,
            String treePath) {}

    /// Its commit statuses.
    ///
    /// @param stateField the field with the state in a listed status
    /// @param longestDescription the limit of a status's description, in code points
    /// @param ignoresCase whether contexts that differ only in case are the same
    /// @param mayLackCommit the HTTP statuses that may, among others, mean an unknown commit
    /// @param knowsNoCommit the HTTP statuses that mean an unknown commit if the token may set
    ///     statuses
    record Statuses(
            String stateField,
            int longestDescription,
            boolean ignoresCase,
            Set<Integer> mayLackCommit,
            Set<Integer> knowsNoCommit) {}

    /// Advice to the operator.
    ///
    /// @param grantWriting how to let a token set statuses of a repository that its user can't
    ///     write to
    /// @param grantScopes how to give a token the scopes that Airlock needs
    /// @param showRepository a further check if a token does not see a repository
    record Advice(String grantWriting, String grantScopes, String showRepository) {}

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

    /// The meaning of a delivery's body.
    sealed interface EventReading {
        /// A well-formed body.
        sealed interface Sound extends EventReading {}

        /// An event that Airlock acts on.
        ///
        /// @param defaultBranch the repository's, foreign text; empty if the body does not name it
        record Understood(ForgeEvent event, String defaultBranch) implements Sound {}

        /// An event in the repository that needs no test.
        ///
        /// @param reason for people, such as "a comment is not tested"
        record NothingToDo(RepositoryId repository, String reason) implements Sound {}

        /// An event that is not about the hook's repository: an organisation's ping, a package, a
        /// new fork.
        ///
        /// @param reason for people
        record NoRepository(String reason) implements Sound {}

        /// A body that the forge would not send for such an event.
        ///
        /// @param why one line without control characters
        record Malformed(String why) implements EventReading {
            private static final int LONGEST = 300;

            public Malformed {
                why = SafeText.line(why, LONGEST);
            }
        }
    }
}
