package airlock.queue;

import airlock.event.ForgeEvent;
import java.util.Optional;

/// A difference between the forge and the record.
///
/// @param recorded the record **before** the forge was asked; if it has changed since, a webhook
///     was faster and the finding is dropped
/// @param event what must have happened; its `before` is ignored
public record SweepFinding(Optional<KnownTip> recorded, ForgeEvent event) {}
