package airlock.event;

import java.util.Locale;

/// One of the three parts of a plan, each in a VM of its own, in this order.
public enum Phase {
    PRE_PLAN,
    PLAN,
    POST_PLAN;

    /// The name as plan files write it, such as `pre_plan`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#key()] wrote.
    public static Phase of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
