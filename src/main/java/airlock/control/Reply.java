package airlock.control;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One line of an answer; the last one is [Done] or [Problem]. Lists for programs have these
/// members in snake case (docs/api.md). A `repository` is named as in the configuration, or by the
/// forge's id if it is no longer configured.
public sealed interface Reply {
    /// A run, or a request that has no run yet.
    ///
    /// @param plan with its matrix cell in brackets; empty for a request
    /// @param state `queued`, `running` or a verdict's word
    /// @param since when it began, or was queued
    /// @param took how long it took, or has taken so far; empty before it begins
    record Run(
            String id,
            String repository,
            String subject,
            String commit,
            Optional<String> plan,
            String state,
            String reason,
            Instant since,
            Optional<Duration> took)
            implements Reply {}

    /// A piece of a log.
    ///
    /// @param stream 0 Airlock, 1 stdout, 2 stderr, 3 bash's trace
    /// @param text from the guest, UTF-8 with replacements; hostile
    record Text(String phase, int step, int stream, String text) implements Reply {}

    /// The public half of an SSH key, in OpenSSH's one-line format.
    record Key(String publicKey) implements Reply {}

    /// A stored key or value, without its secret part.
    ///
    /// @param kind `key`, `token`, `file`, `variable` or `certificate`
    /// @param madeBy user who made or set it, if known
    /// @param publicKey of a key only
    record Stored(
            String repository,
            String kind,
            String name,
            Optional<String> madeBy,
            Instant madeAt,
            Optional<String> publicKey)
            implements Reply {}

    /// A missing or weak secret, and what the operator can do.
    record SecretProblem(String message, String cure) implements Reply {}

    /// The state of a repository's sweeps.
    ///
    /// @param requests number of requests that this sweep made
    /// @param first whether this sweep only recorded the refs, for comparison next time
    /// @param problem empty if the entry is in order
    record Swept(String repository, int requests, boolean first, String problem) implements Reply {}

    /// A forge refuses commit statuses, so they are paused.
    ///
    /// @param scope `forge NAME` if it refuses the token, else a repository
    /// @param until when one is tried again
    record StatusPause(String scope, String reason, String cure, Instant since, Instant until)
            implements Reply {}

    /// How much one repository uses of one kind.
    ///
    /// @param repository or its hook
    /// @param kind `logs`, `blobs`, `sources`, `mirrors` or `deliveries`
    /// @param quota bytes that it may use
    /// @param oldest when the oldest item was last used
    record Used(String repository, String kind, int items, long bytes, long quota, Instant oldest)
            implements Reply {}

    /// A quota is exceeded, by items in use or until the janitor runs again.
    ///
    /// @param repository empty for all together
    record Over(String repository, String kind, long bytes, long allowed) implements Reply {}

    /// The disk of the state directory, in bytes.
    ///
    /// @param reserve below this many free bytes no new work starts
    /// @param database includes the bodies of deliveries
    /// @param vms running VMs
    record Disk(long free, long reserve, long database, long images, long templates, long vms)
            implements Reply {}

    /// A template or ready clone was discarded; VMs start without it.
    record MachineProblem(String message) implements Reply {}

    /// How long each part of one VM took.
    ///
    /// @param beginning how it started: `ready`, `clone` or `boot`
    /// @param micros microseconds by part, in order
    record VmTime(String run, String phase, String beginning, Map<String, Long> micros)
            implements Reply {
        public VmTime {
            micros = Collections.unmodifiableMap(new LinkedHashMap<>(micros));
        }
    }

    /// The connections to one place from the VM of one attempt at a phase.
    ///
    /// @param place in the guest's words; hostile
    /// @param comment from the entry of the configuration that allows it
    /// @param sent bytes from the VM
    /// @param received bytes to the VM
    /// @param refused connections that were refused or cut off
    /// @param reason why the last of those was
    record Place(
            String phase,
            String place,
            Optional<String> comment,
            long connections,
            long sent,
            long received,
            long refused,
            Optional<String> reason)
            implements Reply {}

    /// Caches or dependencies of one ref.
    ///
    /// @param subject the ref or change request in short
    /// @param trust trust class of the runs that wrote it
    /// @param name `cache` with its name, if any, or `dependencies`
    /// @param archives number of versions, newest included
    /// @param madeAt when the newest was written
    /// @param reusedSince when the pre_plan ran whose outputs later runs reuse
    record Cache(
            String repository,
            String subject,
            String trust,
            String plan,
            String name,
            int archives,
            long bytes,
            Instant madeAt,
            Optional<Instant> reusedSince)
            implements Reply {}

    /// A hook's new secret, shown only this once.
    record Hook(String url, String secret) implements Reply {
        @Override
        public String toString() {
            return "Hook[" + url + ", ***]";
        }
    }

    /// A new token for reading, shown only this once.
    record TokenText(String text) implements Reply {
        @Override
        public String toString() {
            return "TokenText[***]";
        }
    }

    /// A token for reading, without its text.
    ///
    /// @param repositories `FORGE/OWNER/NAME`, or the forge's id
    /// @param valid false once expired
    record Token(
            String name,
            List<String> repositories,
            String madeBy,
            Instant madeAt,
            Instant expiresAt,
            boolean valid)
            implements Reply {
        public Token {
            repositories = List.copyOf(repositories);
        }
    }

    /// The shell is open: from here on the connection carries
    /// [Console.Input] and [Console.Heard].
    ///
    /// @param what which VM it is, for people
    /// @param until when it ends at the latest
    record Entered(String what, Instant until) implements Reply {}

    /// The command succeeded.
    ///
    /// @param message for people, may be empty
    record Done(String message) implements Reply {}

    /// The command failed.
    ///
    /// @param message why, and what the operator can do
    record Problem(String message) implements Reply {}
}
