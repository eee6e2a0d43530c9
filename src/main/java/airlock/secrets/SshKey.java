package airlock.secrets;

import airlock.event.RepositoryId;
import java.time.Instant;

/// The public part of a repository's SSH key.
///
/// @param name such as `deploy`
/// @param publicLine the public half as OpenSSH writes it, on one line
/// @param madeBy who asked for it; empty for old ones
/// @param usedFor the use to which its line for the target host restricts it ([TargetLine]); empty
///     if no such line was asked for
public record SshKey(
        RepositoryId repository,
        String name,
        String publicLine,
        String madeBy,
        Instant made,
        String usedFor) {}
