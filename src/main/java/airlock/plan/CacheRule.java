package airlock.plan;

import airlock.config.Glob;
import airlock.event.TrustClass;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Optional;

/// What a plan says of its cache. Whatever it says, a run reads only what its class may (T6).
///
/// @param name by which the plans of a repository share it; the plan has one of its own without
/// @param key patterns of the commit's files: a cache is found only where these are as they were
/// @param writers whose caches later runs may start from
@Setting.Group(title = "cache", about = "What becomes of the cache.")
public record CacheRule(
        @Setting(pattern = "[a-z0-9][a-z0-9._-]{0,62}", expected = "a name such as go-build")
                Optional<String> name,
        @Setting(type = "path of a key", range = "1 to 20") Optional<List<Glob>> key,
        @Setting(name = "write", or = "all") Writers writers) {
    public CacheRule {
        key = key.map(List::copyOf);
    }

    /// Which runs leave a cache for others.
    public enum Writers {
        /// Every run, for its own class and those below.
        ALL,
        /// No run from outside.
        INSIDE,
        /// Pushes to listed refs.
        LISTED,
        /// No run.
        NEVER;

        /// Whether a run of `trust` is one.
        public boolean have(TrustClass trust) {
            return switch (this) {
                case ALL -> true;
                case INSIDE -> trust != TrustClass.OUTSIDE;
                case LISTED -> trust == TrustClass.LISTED;
                case NEVER -> false;
            };
        }
    }
}
