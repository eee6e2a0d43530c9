package airlock.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Gives each VM a user id from a range that nothing else uses (systemd's UIDS-GIDS.md: 1879048192
/// to 2147483647 is unused).
public final class VmUsers {
    private static final int FIRST = 1_900_000_000;
    private static final int COUNT = 1 << 20;
    private static final int NOBODY = 65534;

    private final boolean own;
    private final AtomicInteger given = new AtomicInteger(new SecureRandom().nextInt(COUNT));

    private VmUsers(boolean own) {
        this.own = own;
    }

    /// For the namespace of `uidMap`, usually `/proc/self/uid_map`, which may not map these users.
    public static VmUsers in(Path uidMap) {
        try {
            return new VmUsers(Files.readString(uidMap).lines().anyMatch(VmUsers::covers));
        } catch (IOException _) {
            return new VmUsers(false);
        }
    }

    /// Whether a line `INSIDE OUTSIDE COUNT` maps the whole range.
    private static boolean covers(String line) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length != 3) {
            return false;
        }
        long inside = Long.parseLong(fields[0]);
        long count = Long.parseLong(fields[2]);
        return inside <= FIRST && FIRST + COUNT <= inside + count;
    }

    /// Whether each VM has its own user; otherwise all share `nobody`.
    public boolean own() {
        return own;
    }

    public int next() {
        return own ? FIRST + Math.floorMod(given.getAndIncrement(), COUNT - 1) : NOBODY;
    }

    /// The id that no VM gets.
    public int last() {
        return own ? FIRST + COUNT - 1 : NOBODY;
    }
}
