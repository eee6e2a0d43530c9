package airlock.source;

import airlock.event.CommitId;

/// The ref holds another commit than the wanted one: a newer event is on its way, or was lost.
///
/// @param tip the commit that the ref holds now
public record Moved(CommitId tip) implements Fetched {}
