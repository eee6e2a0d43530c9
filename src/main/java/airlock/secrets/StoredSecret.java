package airlock.secrets;

import airlock.event.RepositoryId;
import java.time.Instant;

/// A secret that the operator gave, as it may be shown.
///
/// @param madeBy who gave it
public record StoredSecret(
        RepositoryId repository, SecretKind kind, String name, String madeBy, Instant made) {}
