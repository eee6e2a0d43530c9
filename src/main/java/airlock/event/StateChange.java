package airlock.event;

/// A request or a run has a new state to report to the forge. Made in the transaction that changes
/// the state.
///
/// @param commit the commit whose status it is
/// @param context the status context, such as `airlock/main`
/// @param trust the run's class; if two runs share commit and context, the higher one owns the
///     status (T4)
public record StateChange(
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        RequestId request,
        String context,
        TrustClass trust,
        State state) {

    /// A state for the forge.
    public sealed interface State {
        record Queued() implements State {}

        record Running() implements State {}

        /// Ended.
        ///
        /// @param reason one line for people, may be empty
        record Ended(Verdict verdict, String reason) implements State {}
    }
}
