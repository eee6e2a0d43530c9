package airlock.queue;

import airlock.event.CommitId;
import airlock.event.Subject;

/// The last recorded commit of a ref or change request.
///
/// @param subject a change request has the target that it had then
public record KnownTip(Subject subject, CommitId commit) {}
