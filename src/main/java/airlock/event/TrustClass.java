package airlock.event;

import java.util.Locale;

/// How much the code of a run is trusted (T1, T2), lowest first.
public enum TrustClass {
    /// A change request whose code is not known to be on a branch of the repository itself.
    OUTSIDE,
    /// Code on a branch of the repository itself.
    INSIDE,
    /// A push to a ref that the configuration lists: the only class with secrets and a post_plan.
    LISTED;

    /// The name as it is stored: `inside`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static TrustClass of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
