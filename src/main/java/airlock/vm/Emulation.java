package airlock.vm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How the CPUs of a VM are emulated without KVM (docs/adr/0046).
public enum Emulation {
    /// Each by its own thread of QEMU.
    PARALLEL("multi"),

    /// All by one thread in turn, which takes up to twice as long. For programs that overwrite
    /// instructions while another CPU executes them: QEMU 10.0 reads an instruction byte by byte,
    /// so it may see half of the old and half of the new one.
    IN_TURN("single");

    final String threads;

    Emulation(String threads) {
        this.threads = threads;
    }

    /// Its name in recipes and records: `parallel`, `in_turn`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Emulation> of(String word) {
        return Stream.of(values()).filter(known -> known.word().equals(word)).findFirst();
    }
}
