package airlock.queue;

import airlock.event.CommitId;
import airlock.event.Subject;

/// Where a ref or change request was last recorded to be.
///
/// @param subject of a change request with its target at that time
public record KnownTip(Subject subject, CommitId commit) {}
