package airlock.house;

import java.util.List;
import java.util.Map;

/// How one kind of forge answers about repositories and statuses. What the loopback forge stores is
/// the same for all kinds.
interface ForgeApi {
    /// An answer.
    ///
    /// @param body written as JSON; an empty map for none
    record Reply(int status, Map<String, String> headers, Object body) {
        static Reply of(int status, Object body) {
            return new Reply(status, Map.of(), body);
        }
    }

    /// Why a caller does not get what it asked for.
    enum Refusal {
        NO_TOKEN,
        WRONG_TOKEN,
        NOT_ALLOWED,
        NOT_FOUND,
        NO_JSON
    }

    Reply refused(Refusal why);

    /// A repository that has another name now.
    ///
    /// @param rest the path behind the repository's own, such as `/statuses/…`
    Reply moved(HostedRepository now, String rest);

    Reply repository(HostedRepository repository);

    Reply commit(HostedRepository repository, String commit);

    /// Whether a status may be stored, as an answer that says why not; empty when it may.
    ///
    /// @param contentType empty where the header is missing
    List<Reply> objections(
            HostedRepository repository,
            String commit,
            String contentType,
            Map<String, Object> body);

    Reply created(HostedRepository repository, PostedStatus status);

    /// The combined state of a commit.
    ///
    /// @param latest the newest status of each context
    Reply combined(HostedRepository repository, String commit, List<PostedStatus> latest);

    /// A page of change requests.
    ///
    /// @param all oldest first
    Reply changes(HostedRepository repository, List<HostedChange> all, Map<String, String> query);

    Reply change(HostedRepository repository, HostedChange change);

    /// A page of a commit's statuses.
    ///
    /// @param all oldest first
    Reply statuses(HostedRepository repository, List<PostedStatus> all, Map<String, String> query);
}
