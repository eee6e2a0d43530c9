package airlock.queue;

/// A repository's configuration for events.
///
/// @param testsDrafts whether draft change requests are tested
/// @param cancelsRunning whether a newer push also ends running runs of the same ref; those of
///     change requests from outside always end
public record IntakePolicy(boolean testsDrafts, boolean cancelsRunning) {}
