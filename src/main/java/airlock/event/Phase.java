package airlock.event;

import java.util.Locale;
import java.util.Optional;

/// One of the three parts of a plan, each in a VM of its own, in this order.
public enum Phase {
    PRE_PLAN(1),
    PLAN(2),
    POST_PLAN(3);

    private final int number;

    Phase(int number) {
        this.number = number;
    }

    /// Its place in a plan, from 1; written into files, so it never changes.
    public int number() {
        return number;
    }

    /// The phase with that [#number()], if there is one.
    public static Optional<Phase> numbered(int number) {
        return switch (number) {
            case 1 -> Optional.of(PRE_PLAN);
            case 2 -> Optional.of(PLAN);
            case 3 -> Optional.of(POST_PLAN);
            default -> Optional.empty();
        };
    }

    /// The name as plan files write it, such as `pre_plan`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Phase of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
