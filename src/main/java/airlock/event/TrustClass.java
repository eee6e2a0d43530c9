package airlock.event;

import java.util.Locale;

/// How far the code of a run is trusted (T1, T2), lowest first.
public enum TrustClass {
    /// A change request whose code is not on a branch of the repository itself, or for which that
    /// can't be told.
    OUTSIDE,
    /// Code on a branch of the repository itself.
    INSIDE,
    /// A push to a ref that the configuration lists: the only class that may have secrets and a
    /// post_plan.
    LISTED;

    /// The name as it is stored: `inside`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#key()] wrote.
    public static TrustClass of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
