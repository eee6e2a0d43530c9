package airlock.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells a full disk from other faults, and says which disk it is.
public final class FullDisk {
    private static final String FULL = "the disk is full";

    /// How the C library says ENOSPC and EDQUOT (Java, JGit and programs give us nothing finer),
    /// and how a process of ours says it.
    private static final List<String> SAID =
            List.of("No space left on device", "Disk quota exceeded", FULL);

    private FullDisk() {}

    /// Whether a message is about a full disk.
    public static boolean isIn(String message) {
        return SAID.stream().anyMatch(message::contains);
    }

    /// Whether a fault, or one that caused it, is a full disk's.
    public static boolean isCauseOf(Throwable fault) {
        for (@Nullable Throwable at = fault; at != null; at = at.getCause()) {
            if (isIn(String.valueOf(at.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /// Where there is how much room at the moment, and what to do.
    ///
    /// @param places files or directories that were written, which may be missing
    public static String words(Path... places) {
        return FULL
                + ": "
                + List.of(places).stream().map(FullDisk::room).collect(Collectors.joining(", "))
                + "; remove files there or give it a larger disk";
    }

    /// The same behind a message, if that is about a full disk.
    public static String explained(String message, Path... places) {
        return isIn(message) ? words(places) + ". What failed: " + message : message;
    }

    private static String room(Path place) {
        try {
            var store = Files.getFileStore(there(place));
            return "%s has %s of %s free"
                    .formatted(place, size(store.getUsableSpace()), size(store.getTotalSpace()));
        } catch (IOException e) {
            return place.toString();
        }
    }

    /// What is there of the way to it.
    private static Path there(Path place) {
        Path there = place.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static String size(long bytes) {
        return bytes >= 10L << 30 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
    }
}
