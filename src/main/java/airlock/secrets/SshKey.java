package airlock.secrets;

import airlock.event.RepositoryId;
import java.time.Instant;

/// A key of a repository, as it may be shown.
///
/// @param name such as `deploy`
/// @param publicLine the public half as OpenSSH writes it, on one line
/// @param madeBy who asked for it; empty for old ones
/// @param usedFor what its line for the target host allows ([TargetLine]); empty where nobody
///     asked for such a line
public record SshKey(
        RepositoryId repository,
        String name,
        String publicLine,
        String madeBy,
        Instant made,
        String usedFor) {}
