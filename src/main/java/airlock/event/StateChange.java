package airlock.event;

/// A request or a run got another state, and the forge should hear of it. Made in the transaction
/// that changes the state.
///
/// @param repository the repository
/// @param subject what is tested
/// @param commit the commit whose status it is
/// @param request the request
/// @param context the status context, such as `airlock/main`
/// @param trust the run's class; where two runs share commit and context, the higher one owns it
///     (T4)
/// @param state the new state
public record StateChange(
        RepositoryId repository,
        Subject subject,
        CommitId commit,
        RequestId request,
        String context,
        TrustClass trust,
        State state) {

    /// A state as the forge is told it.
    public sealed interface State {
        /// Waiting for its turn.
        record Queued() implements State {}

        /// Being worked on.
        record Running() implements State {}

        /// Ended.
        ///
        /// @param reason one line for people, may be empty
        record Ended(Verdict verdict, String reason) implements State {}
    }
}
