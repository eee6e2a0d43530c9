package airlock.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.storage.file.WindowCacheConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// JGit's view of the machine in the fetch process: no environment, and a fixed configuration
/// instead of the user's and the system's (H1).
final class Isolation extends SystemReader.Delegate {
    /// Redirects are followed only within the configured host, which [HttpGuard] enforces.
    private static final String CONFIGURATION =
            """
            [protocol]
                version = 2
            [http]
                followRedirects = initial
                maxRedirects = 3
                saveCookies = false
            [transfer]
                fsckObjects = true
            [gc]
                auto = 0
            """;

    private static final Duration TIMESTAMP_RESOLUTION = Duration.ofMillis(10);
    private static final int MIB = 1 << 20;

    private Isolation(SystemReader system) {
        super(system);
    }

    /// Isolates this process for the rest of its life.
    ///
    /// @param home an empty directory
    static void install(Path home) {
        SystemReader.setInstance(new Isolation(SystemReader.getInstance()));
        FS.DETECTED.setUserHome(home.toFile());
        var cache = new WindowCacheConfig();
        cache.setPackedGitMMAP(true);
        cache.setPackedGitLimit(512L * MIB);
        cache.setPackedGitWindowSize(MIB);
        cache.setDeltaBaseCacheLimit(64 * MIB);
        cache.setStreamFileThreshold(16 * MIB);
        cache.install();
    }

    @Override
    public @Nullable String getenv(String variable) {
        return null;
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Fixed(parent, fs, CONFIGURATION);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Fixed(parent, fs, "");
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Fixed(parent, fs, "");
    }

    /// A configuration without a file.
    private static final class Fixed extends FileBasedConfig {
        Fixed(@Nullable Config parent, FS fs, String text) {
            super(parent, null, fs);
            try {
                fromText(text);
            } catch (ConfigInvalidException e) {
                throw new IllegalStateException("the fixed git configuration is wrong", e);
            }
        }

        /// JGit would measure the resolution of file times for two seconds, to detect changes by
        /// others; here one process at a time uses a mirror.
        @Override
        public long getTimeUnit(
                String section,
                @Nullable String subsection,
                String name,
                long defaultValue,
                TimeUnit unit) {
            return section.equals("filesystem")
                    ? unit.convert(TIMESTAMP_RESOLUTION)
                    : super.getTimeUnit(section, subsection, name, defaultValue, unit);
        }

        @Override
        public void load() {
            // there is nothing to load from
        }

        @Override
        public void save() {
            // and nowhere to save to
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
