package airlock.app;

import airlock.store.Database;
import airlock.web.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks whether the state can be written.
record Ready(Database database, Path state) implements Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Ready.class);
    private static final long LEAST_FREE = 1L << 30;

    @Override
    public List<Check> checks() {
        return List.of(
                new Check("store", storeIsWritable(), "the database can be written"),
                new Check("disk", diskHasRoom(), "more than 1 GiB is free for the state"));
    }

    private boolean storeIsWritable() {
        try {
            database.probe();
            return true;
        } catch (RuntimeException e) {
            LOG.warn("the database can't be written", e);
            return false;
        }
    }

    private boolean diskHasRoom() {
        try {
            return Files.getFileStore(state).getUsableSpace() > LEAST_FREE;
        } catch (IOException e) {
            LOG.warn("cannot read the free space for {}", state, e);
            return false;
        }
    }
}
