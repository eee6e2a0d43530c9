package airlock.machine;

import java.util.Locale;

/// A result of `airlock doctor`.
///
/// @param cure what the operator can do; empty if there is nothing to do
public record Finding(String what, Level level, String seen, String cure) {
    public enum Level {
        OK,
        /// Airlock works, but worse than it could.
        WARNING,
        /// Something does not work.
        BAD;

        /// For JSON.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Finding good(String what, String seen) {
        return new Finding(what, Level.OK, seen, "");
    }

    public static Finding warning(String what, String seen, String cure) {
        return new Finding(what, Level.WARNING, seen, cure);
    }

    public static Finding bad(String what, String seen, String cure) {
        return new Finding(what, Level.BAD, seen, cure);
    }

    public boolean isGood() {
        return level == Level.OK;
    }
}
