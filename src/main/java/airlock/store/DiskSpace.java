package airlock.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures the free disk space for the state.
///
/// **Threads**: any. **Failures**: none; a disk that cannot be queried counts as full.
@FunctionalInterface
public interface DiskSpace {
    long free();

    /// The free space of a directory's file system, for this user.
    final class Disk implements DiskSpace {
        private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

        private final Path directory;
        private volatile @Nullable FileStore
                store; // looked up once, since that reads the mount table

        public Disk(Path directory) {
            this.directory = directory;
        }

        @Override
        public long free() {
            try {
                var known = store;
                if (known == null) {
                    known = Files.getFileStore(directory);
                    store = known;
                }
                return known.getUsableSpace();
            } catch (IOException e) {
                LOG.warn("cannot read the free space of {}", directory, e);
                return 0;
            }
        }
    }
}
