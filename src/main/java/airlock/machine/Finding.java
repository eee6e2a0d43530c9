package airlock.machine;

/// One thing that the doctor looked at.
///
/// @param cure what the operator can do; empty if there is nothing to do
public record Finding(String what, Level level, String seen, String cure) {
    /// How a finding is graded.
    public enum Level {
        /// As it should be.
        OK("ok"),
        /// Airlock works, but worse than it could.
        WARNING("warning"),
        /// Something does not work.
        BAD("bad");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /// In JSON.
        public String word() {
            return word;
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
