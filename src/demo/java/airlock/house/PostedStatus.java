package airlock.house;

/// A commit status as the loopback forge keeps it.
///
/// @param id counts from 1 per forge
/// @param repository the repository's id
public record PostedStatus(
        long id,
        long repository,
        String commit,
        String context,
        String state,
        String description,
        String targetUrl) {}
