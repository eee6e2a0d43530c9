package airlock.control;

import airlock.event.RunId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One line of an answer. An answer ends with [Done] or [Problem].
public sealed interface Reply {
    /// A run.
    ///
    /// @param state `queued`, `running` or a verdict's word
    /// @param repository as the configuration names it, else the forge's id
    /// @param plan with the cell of its matrix in brackets, if it has one
    /// @param createdMillis when it began; if it has not, since when it waits
    /// @param tookMillis how long it took, or takes so far; 0 if it has not begun
    record Run(
            RunId id,
            String repository,
            String subject,
            String commit,
            String plan,
            String state,
            String reason,
            long createdMillis,
            long tookMillis)
            implements Reply {}

    /// A request that has no run yet.
    ///
    /// @param reason what it waits for
    record Request(
            String id,
            String repository,
            String subject,
            String commit,
            String state,
            String reason,
            long createdMillis)
            implements Reply {}

    /// A piece of a log.
    ///
    /// @param stream 0 the host, 1 stdout, 2 stderr, 3 bash's trace
    /// @param text as the guest wrote it, UTF-8 with replacements; not yet filtered
    record Text(String phase, int step, int stream, String text) implements Reply {}

    /// A key.
    ///
    /// @param publicKey in OpenSSH's one-line format
    record Key(String repository, String name, String publicKey) implements Reply {}

    /// A key or value that is kept, without what is secret of it.
    ///
    /// @param repository as the configuration names it, else the forge's id
    /// @param kind `key`, `token`, `file`, `variable` or `certificate`
    /// @param madeBy who made it or gave it, empty where that is not known
    /// @param shown of a key the public half; else empty
    record Stored(
            String repository,
            String kind,
            String name,
            String madeBy,
            long madeMillis,
            String shown)
            implements Reply {}

    /// Something about secrets is missing or weak.
    ///
    /// @param cure what the operator can do
    record SecretProblem(String message, String cure) implements Reply {}

    /// How a repository stands with its sweeps.
    ///
    /// @param requests how many the sweep that was asked for made
    /// @param first whether it recorded what is there and tested nothing of it
    /// @param problem what hinders it, empty where nothing does
    record Swept(String repository, int requests, boolean first, String problem) implements Reply {}

    /// A forge refuses commit statuses, so they wait.
    ///
    /// @param scope `forge NAME` if it refuses the token, else the repository as the configuration
    ///     names it or the forge's id
    /// @param cure what the operator can do
    /// @param untilMillis when one is tried again
    record StatusPause(String scope, String reason, String cure, long sinceMillis, long untilMillis)
            implements Reply {}

    /// How much one repository uses of one kind.
    ///
    /// @param repository as the configuration names it, else the forge's id or the hook
    /// @param shelf `logs`, `blobs`, `sources`, `mirrors` or `deliveries`
    /// @param quota how many bytes it may use
    /// @param oldestMillis when the oldest was last of use
    record Used(
            String repository, String shelf, int items, long bytes, long quota, long oldestMillis)
            implements Reply {}

    /// More is used than allowed, by what is needed or until the janitor looks again.
    ///
    /// @param repository empty for all together
    record Over(String repository, String shelf, long bytes, long allowed) implements Reply {}

    /// The disk of the state.
    ///
    /// @param free bytes that can be written
    /// @param reserve below how many free bytes no new work is begun
    /// @param database bytes of the database, bodies of deliveries included
    /// @param images bytes of images
    /// @param templates bytes of templates
    /// @param vms bytes of VMs that run
    record Disk(long free, long reserve, long database, long images, long templates, long vms)
            implements Reply {}

    /// A template or ready clone was no good; VMs go on without it.
    ///
    /// @param message for people
    record MachineProblem(String message) implements Reply {}

    /// Where the time of one VM went.
    ///
    /// @param beginning what it began as: `ready`, `clone` or `boot`
    /// @param micros microseconds of each part, by name, in their order
    record VmTime(String run, String phase, String beginning, Map<String, Long> micros)
            implements Reply {
        public VmTime {
            micros = Collections.unmodifiableMap(new LinkedHashMap<>(micros));
        }
    }

    /// The connections of the VM of one start of a phase to one place.
    ///
    /// @param place in the guest's words
    /// @param comment what the configuration says that it is for; empty where it says nothing
    /// @param sent bytes from the VM
    /// @param received bytes to it
    /// @param refused connections that were not let, or were ended
    /// @param reason why the last of those was; empty where none was
    record Place(
            String phase,
            String place,
            String comment,
            long connections,
            long sent,
            long received,
            long refused,
            String reason)
            implements Reply {}

    /// Caches or dependencies of one ref.
    ///
    /// @param repository as the configuration names it, else the forge's id
    /// @param subject the ref or change request in short
    /// @param trust the class of the runs that left it
    /// @param name `cache`, with its name where it has one, or `dependencies`
    /// @param archives how many there are, the newest included
    /// @param madeMillis when the newest was
    /// @param keyedMillis when a pre_plan ran that later runs do without; 0 where they don't
    record Cache(
            String repository,
            String subject,
            String trust,
            String plan,
            String name,
            int archives,
            long bytes,
            long madeMillis,
            long keyedMillis)
            implements Reply {}

    /// A hook's secret that was just made; it is told this once.
    record Hook(String url, String secret) implements Reply {
        @Override
        public String toString() {
            return "Hook[" + url + ", ***]";
        }
    }

    /// A token for reading that was just made; it is told this once.
    record TokenText(String text) implements Reply {
        @Override
        public String toString() {
            return "TokenText[***]";
        }
    }

    /// A token for reading, without its text.
    ///
    /// @param repositories `FORGE/OWNER/NAME`, of those that are not configured the forge's ids
    /// @param valid whether it opens anything now
    record Token(
            String name,
            List<String> repositories,
            String madeBy,
            long madeMillis,
            long expiresMillis,
            boolean valid)
            implements Reply {
        public Token {
            repositories = List.copyOf(repositories);
        }
    }

    /// The person is in a machine: what follows on this connection is a shell's.
    ///
    /// @param what the machine, for people
    /// @param untilMillis when it ends at the latest
    record Entered(String what, long untilMillis) implements Reply {}

    /// It is done.
    ///
    /// @param message one line for people, may be empty
    record Done(String message) implements Reply {}

    /// It can't be done.
    ///
    /// @param message what was tried and what the operator can do
    record Problem(String message) implements Reply {}
}
