package airlock.secrets;

import airlock.event.RepositoryId;
import java.time.Instant;

/// A key of a repository, as it may be shown.
///
/// @param name such as `deploy`
/// @param publicLine the public half as OpenSSH writes it, on one line
public record SshKey(RepositoryId repository, String name, String publicLine, Instant made) {}
