package airlock.control;

import airlock.event.RunId;
import java.util.List;

/// What the operator asks of the running server (T9).
public sealed interface Command {
    /// The newest runs, and the requests that wait beside them.
    ///
    /// @param repository as the configuration names it; all if it is empty
    /// @param subject a branch, full ref or change request (`#7`); any if it is empty
    /// @param state `queued`, `running` or a verdict's word; any if it is empty
    /// @param json whether the answer is a text, in the shape of the API
    record Runs(int most, String repository, String subject, String state, boolean json)
            implements Command {
        /// All.
        public Runs(int most) {
            this(most, "", "", "", false);
        }
    }

    /// Wait until a run has ended.
    record Wait(RunId run) implements Command {}

    /// The log of a run.
    ///
    /// @param offset where to begin, 0 for all of it
    /// @param follow whether to wait for what comes until the run has ended
    record Log(RunId run, long offset, boolean follow) implements Command {}

    /// All of a run's log in a form that is made for programs or to be kept (docs/logs.md).
    ///
    /// @param format `json` or `html`
    record LogFile(RunId run, String format) implements Command {}

    /// End a run.
    record Cancel(RunId run) implements Command {}

    /// Queue a request again (T7).
    ///
    /// @param of the id of the request or of one of its runs
    /// @param althoughMoved whether it may publish a commit that is no longer its ref's tip
    record Rerun(String of, boolean althoughMoved) implements Command {}

    /// Compare repositories with their forges now.
    ///
    /// @param repository as the configuration names it; all where it is empty
    record Sweep(String repository) implements Command {}

    /// Say what hinders sweeps, without sweeping.
    record SweepStates() implements Command {}

    /// Say which forges refuse commit statuses.
    record Statuses() implements Command {}

    /// Try again the commit statuses that forges refused.
    ///
    /// @param repository as the configuration names it; all if it is empty
    record RetryStatuses(String repository) implements Command {}

    /// Say who uses how much of the disk.
    record Usage() implements Command {}

    /// List the caches and dependencies that runs start from.
    ///
    /// @param repository as the configuration names it; all where it is empty
    record ListCaches(String repository) implements Command {}

    /// Remove caches and dependencies.
    ///
    /// @param repository as the configuration names it; all where it is empty
    /// @param olderHours only what was made so long ago
    record PruneCaches(String repository, int olderHours) implements Command {}

    /// Say what was no good with what VMs begin as.
    record MachineProblems() implements Command {}

    /// Say where the time of VMs went.
    ///
    /// @param run only those of this run; of all where it is empty
    /// @param most of how many of the newest
    record VmTimes(String run, int most) implements Command {}

    /// Say what the VMs of a run connected to.
    record Network(RunId run) implements Command {}

    /// Say what the VMs of a repository's newest runs connected to, by the entries of today's list
    /// where there are any for it.
    ///
    /// @param repository as the configuration names it, `OWNER/NAME` or `FORGE/OWNER/NAME`
    /// @param most how many runs
    record SuggestNetwork(String repository, int most) implements Command {}

    /// Let the person into a machine: that of a failed run where it was kept, else a fresh one.
    ///
    /// @param image as the configuration names it; its default, or the run's, where it is empty
    /// @param phase as plans name it; `plan`, or the run's failed one, where it is empty
    /// @param run whose machine or inputs; none where it is empty
    /// @param columns of the person's window, 1 to 65,535
    /// @param rows the same
    record Shell(String image, String phase, String run, int columns, int rows)
            implements Command {}

    /// Make a new secret for a repository's hook (T8).
    ///
    /// @param repository as the configuration names it, `OWNER/NAME` or `FORGE/OWNER/NAME`
    /// @param olderHours how long the one before it stays good
    record NewHook(String repository, int olderHours) implements Command {}

    /// Send a signed ping to a repository's hook by way of the address that its forge uses.
    record TestHook(String repository) implements Command {}

    /// Make a key for a repository.
    ///
    /// @param repository as the configuration names it, `OWNER/NAME` or `FORGE/OWNER/NAME`
    record NewSecret(String repository, String name) implements Command {}

    /// Say the line that lets a key in at a target host, and write down what it is for.
    ///
    /// @param usedFor `rsync:DIRECTORY` and others
    record SecretLine(String repository, String name, String usedFor) implements Command {}

    /// Keep a value for a repository.
    ///
    /// @param kind `token`, `file`, `variable` or `certificate`; the configuration says it where it
    ///     is empty
    /// @param base64 the value
    record SetSecret(String repository, String kind, String name, String base64)
            implements Command {
        @Override
        public String toString() {
            return "SetSecret[%s, %s, %s, ***]".formatted(repository, kind, name);
        }
    }

    /// Forget a key or value.
    ///
    /// @param kind `key` or as in [SetSecret]; may be empty where only one has that name
    record RemoveSecret(String repository, String kind, String name) implements Command {}

    /// List a repository's keys and values, without the values; of all where `repository` is empty.
    record ListSecrets(String repository) implements Command {}

    /// Replace the key that secrets are sealed with.
    record RotateSecrets() implements Command {}

    /// Say what is missing or weak about secrets.
    record SecretProblems() implements Command {}

    /// Make a token for reading.
    ///
    /// @param repositories as the configuration names them
    /// @param days how long it opens anything
    record NewToken(String name, List<String> repositories, int days) implements Command {
        public NewToken {
            repositories = List.copyOf(repositories);
        }
    }

    /// List the tokens for reading.
    record ListTokens() implements Command {}

    /// End a token for reading.
    record RevokeToken(String name) implements Command {}
}
