package airlock.plan;

import airlock.config.Glob;
import airlock.event.TrustClass;
import java.util.List;

/// What a plan says of its cache. Whatever it says, a run reads only what its class may (T6).
///
/// @param name by which the plans of a repository share it; empty for one of the plan's own
/// @param key patterns of the commit's files: a cache is found only where these are as they were;
///     any is found where there are none
/// @param writers whose caches later runs may start from
public record CacheRule(String name, List<Glob> key, Writers writers) {
    /// Of a plan that says nothing.
    public static final CacheRule STANDARD = new CacheRule("", List.of(), Writers.ALL);

    public CacheRule {
        key = List.copyOf(key);
    }

    /// Which runs leave a cache for others.
    public enum Writers {
        /// Every run, for its own class and those below.
        ALL("all"),
        /// No run from outside.
        INSIDE("inside"),
        /// Pushes to listed refs.
        LISTED("listed"),
        /// No run.
        NEVER("never");

        private final String word;

        Writers(String word) {
            this.word = word;
        }

        /// As plan files have it.
        public String word() {
            return word;
        }

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
