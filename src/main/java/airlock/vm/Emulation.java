package airlock.vm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How the CPUs of a VM are emulated where there is no KVM (docs/adr/0046).
public enum Emulation {
    /// Each by a thread of QEMU's own, at the same time.
    PARALLEL("multi"),

    /// All by one thread, in turn, which takes up to twice as long. For programs that write over
    /// instructions which another CPU executes: QEMU 10.0 reads an instruction byte by byte, so it
    /// may see half of the old and half of the new one.
    IN_TURN("single");

    /// What QEMU calls it.
    final String threads;

    Emulation(String threads) {
        this.threads = threads;
    }

    /// Its name in recipes and records: `parallel`, `in_turn`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The one with this name.
    public static Optional<Emulation> of(String word) {
        return Stream.of(values()).filter(known -> known.word().equals(word)).findFirst();
    }
}
