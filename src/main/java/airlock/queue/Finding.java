package airlock.queue;

import airlock.event.ForgeEvent;
import java.util.Optional;

/// What a sweep saw at the forge that is not what was recorded.
///
/// @param recorded what was recorded **before** the forge was asked; where something else is by
///     then, a webhook was faster and the finding is dropped
/// @param event what must have happened; its `before` is not looked at
public record Finding(Optional<KnownTip> recorded, ForgeEvent event) {}
