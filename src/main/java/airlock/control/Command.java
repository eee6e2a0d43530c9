package airlock.control;

import airlock.event.RunId;
import java.util.List;

/// A command for the running server (T9). A `repository` is `OWNER/NAME` or `FORGE/OWNER/NAME` as
/// the configuration has it; an empty one means all of them, where a command allows that.
public sealed interface Command {
    /// Lists the newest runs and the requests that have none.
    ///
    /// @param subject a branch, full ref or change request (`#7`); empty for any
    /// @param state `queued`, `running` or a verdict's word; empty for any
    /// @param json answer with one text, in the shape of the API
    record Runs(int most, String repository, String subject, String state, boolean json)
            implements Command {
        /// The newest `most` of all repositories.
        public Runs(int most) {
            this(most, "", "", "", false);
        }
    }

    /// Waits until a run has ended.
    record Wait(RunId run) implements Command {}

    /// Reads a run's log.
    ///
    /// @param offset bytes of the log to skip
    /// @param follow also send what is written later, until the run has ended
    record Log(RunId run, long offset, boolean follow) implements Command {}

    /// Reads a run's whole log as a file (docs/logs.md).
    ///
    /// @param format `json` or `html`
    record LogFile(RunId run, String format) implements Command {}

    /// Ends a run.
    record Cancel(RunId run) implements Command {}

    /// Queues a request again (T7).
    ///
    /// @param of the id of the request or of one of its runs
    /// @param althoughMoved publish even if the commit is not its ref's tip any more
    record Rerun(String of, boolean althoughMoved) implements Command {}

    /// Compares repositories with their forges now.
    record Sweep(String repository) implements Command {}

    /// Lists the problems of sweeps, without sweeping.
    record SweepStates() implements Command {}

    /// Lists the forges that refuse commit statuses.
    record Statuses() implements Command {}

    /// Retries commit statuses that forges refused.
    record RetryStatuses(String repository) implements Command {}

    /// Lists disk use by repository.
    record Usage() implements Command {}

    /// Lists the caches and dependencies that later runs start with.
    record ListCaches(String repository) implements Command {}

    /// Removes caches and dependencies that are at least this old.
    record PruneCaches(String repository, int olderHours) implements Command {}

    /// Lists the templates and ready clones that were discarded.
    record MachineProblems() implements Command {}

    /// Shows how long each part of the newest VMs took.
    ///
    /// @param run only the VMs of this run; empty for any
    record VmTimes(String run, int most) implements Command {}

    /// Lists the connections of a run's VMs.
    record Network(RunId run) implements Command {}

    /// Lists the connections of the VMs of a repository's newest runs, in the words of the entries
    /// that allow them today.
    ///
    /// @param most number of runs
    record SuggestNetwork(String repository, int most) implements Command {}

    /// Opens a shell in a VM: the kept VM of a failed run, else a fresh one.
    ///
    /// @param image as the configuration names it; empty for the default, or the run's
    /// @param phase as plans name it; empty for `plan`, or the run's failed phase
    /// @param run whose VM or inputs to use; empty for an empty VM
    /// @param columns width of the terminal's window, 1 to 65,535
    /// @param rows height of the window, 1 to 65,535
    record Shell(String image, String phase, String run, int columns, int rows)
            implements Command {}

    /// Makes a new secret for a repository's hook (T8).
    ///
    /// @param olderHours how long the previous secret stays valid
    record NewHook(String repository, int olderHours) implements Command {}

    /// Sends a signed ping to the address that the forge uses for a repository's hook.
    record TestHook(String repository) implements Command {}

    /// Makes an SSH key for a repository.
    record NewSecret(String repository, String name) implements Command {}

    /// Returns the authorized_keys line that restricts a key at its target, and records its use.
    ///
    /// @param usedFor `rsync:DIRECTORY` and others
    record SecretLine(String repository, String name, String usedFor) implements Command {}

    /// Stores a secret value for a repository.
    ///
    /// @param kind `token`, `file`, `variable` or `certificate`; empty for the configured kind
    /// @param base64 the value
    record SetSecret(String repository, String kind, String name, String base64)
            implements Command {
        @Override
        public String toString() {
            return "SetSecret[%s, %s, %s, ***]".formatted(repository, kind, name);
        }
    }

    /// Deletes a key or value.
    ///
    /// @param kind `key` or as in [SetSecret]; may be empty if only one secret has the name
    record RemoveSecret(String repository, String kind, String name) implements Command {}

    /// Lists keys and values, without the values.
    record ListSecrets(String repository) implements Command {}

    /// Replaces the key that secrets are sealed with.
    record RotateSecrets() implements Command {}

    /// Lists missing and weak secrets.
    record SecretProblems() implements Command {}

    /// Makes a token for reading private pages, valid for `days`.
    record NewToken(String name, List<String> repositories, int days) implements Command {
        public NewToken {
            repositories = List.copyOf(repositories);
        }
    }

    /// Lists the tokens for reading.
    record ListTokens() implements Command {}

    /// Revokes a token for reading.
    record RevokeToken(String name) implements Command {}
}
