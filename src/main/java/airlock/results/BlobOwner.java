package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;

/// Whose outputs they are (T6): what is written with a class is only ever read by that class's
/// rules.
///
/// @param holdsSecrets whether the phase that wrote it had a secret, or read what one with a secret
///     wrote: then it is private for ever
public record BlobOwner(
        RepositoryId repository, Subject subject, TrustClass trust, boolean holdsSecrets) {}
