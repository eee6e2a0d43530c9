package airlock.queue;

/// What the configuration of a repository says about taking events.
///
/// @param testsDrafts whether draft change requests are tested
/// @param cancelsRunning whether a newer push also ends a run of the same ref that is under way;
///     those of change requests from outside are always ended
public record IntakePolicy(boolean testsDrafts, boolean cancelsRunning) {}
