package airlock.web;

import airlock.event.RepositoryId;
import java.util.Optional;

/// A forge refuses commit statuses, so they wait.
///
/// @param forge its name in the configuration
/// @param repository the only one that is concerned; empty if all of the forge are
/// @param text why, and what can be done
public record PausedStatuses(String forge, Optional<RepositoryId> repository, String text) {}
