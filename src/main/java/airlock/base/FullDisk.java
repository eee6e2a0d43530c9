package airlock.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Recognizes faults of a full disk, and describes the disk.
public final class FullDisk {
    private static final String FULL = "the disk is full";

    /// The C library's messages for ENOSPC and EDQUOT, which is all that Java, JGit and programs
    /// give us, and the message of our own processes.
    private static final List<String> SAID =
            List.of("No space left on device", "Disk quota exceeded", FULL);

    private FullDisk() {}

    public static boolean isIn(String message) {
        return SAID.stream().anyMatch(message::contains);
    }

    public static boolean isCauseOf(Throwable fault) {
        for (@Nullable Throwable at = fault; at != null; at = at.getCause()) {
            if (isIn(String.valueOf(at.getMessage()))) {
                return true;
            }
        }
        return false;
    }

    /// The free space of disks, with advice.
    ///
    /// @param places files or directories on them, which may be missing
    public static String words(Path... places) {
        return FULL
                + ": "
                + List.of(places).stream().map(FullDisk::room).collect(Collectors.joining(", "))
                + "; remove files there or give it a larger disk";
    }

    /// Adds [#words(Path...)] to a message about a full disk; returns others unchanged.
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

    /// The nearest directory above that exists.
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
