package airlock.store;

import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Tells the disk's faults from those of a statement.
final class DiskFaults {
    private DiskFaults() {}

    /// A [StoreException] where the disk is to blame for `fault`, else `fault`.
    static RuntimeException named(RuntimeException fault) {
        for (@Nullable Throwable at = fault; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException sqlite && isOfTheDisk(sqlite.getResultCode())) {
                return new StoreException(
                        "the state could not be written: " + sqlite.getMessage(), fault);
            }
        }
        return fault;
    }

    /// The low byte of an extended code is the code itself (sqlite.org/rescode.html).
    private static boolean isOfTheDisk(SQLiteErrorCode code) {
        int primary = code.code & 0xff;
        return primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code;
    }
}
