package airlock.app;

/// One thing that the doctor looked at.
///
/// @param good whether it is as it should be
/// @param cure what the operator can do; empty where nothing is to be done
public record Finding(String what, boolean good, String seen, String cure) {
    static Finding good(String what, String seen) {
        return new Finding(what, true, seen, "");
    }

    static Finding bad(String what, String seen, String cure) {
        return new Finding(what, false, seen, cure);
    }
}
