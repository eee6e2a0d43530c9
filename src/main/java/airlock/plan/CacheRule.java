package airlock.plan;

import airlock.config.Glob;
import airlock.event.TrustClass;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Optional;

/// A plan's settings for its cache. A run reads only what its class may read (T6), whatever they
/// are.
///
/// @param name shared by plans of the repository; by default each plan has its own cache
/// @param key patterns of the commit's files; a cache is used only if these files are unchanged
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

    /// The runs whose caches are kept.
    public enum Writers {
        /// Every run, for its own trust class and lower ones.
        ALL,
        INSIDE,
        LISTED,
        NEVER;

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
