package airlock.source;

import airlock.event.CommitId;

/// The ref points to another commit than the wanted one: a newer event is on its way, or was lost.
///
/// @param tip the ref's current commit
public record Moved(CommitId tip) implements Fetched {}
