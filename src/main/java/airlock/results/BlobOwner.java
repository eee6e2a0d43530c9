package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;

/// Where an output comes from, which decides who may read it (T6).
///
/// @param holdsSecrets whether its phase had a secret, or read a private output: then it stays
///     private
public record BlobOwner(
        RepositoryId repository, Subject subject, TrustClass trust, boolean holdsSecrets) {}
