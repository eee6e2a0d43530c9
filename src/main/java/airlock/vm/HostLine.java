package airlock.vm;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/// The one line that the host writes to the log port, which opens the gate
/// (docs/guest-protocol.md).
///
/// @param time for the guest's clock
/// @param seed fresh random bytes for the guest's kernel
public record HostLine(Word word, Instant time, byte[] seed) {
    public static final int SEED_BYTES = 32;

    public HostLine {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException(
                    "a seed has %d bytes, not %d".formatted(SEED_BYTES, seed.length));
        }
        seed = seed.clone();
    }

    public enum Word {
        RUN,

        /// Runs the steps and waits at its gate again.
        REHEARSE
    }

    static HostLine fresh(Word word, Instant time) {
        var seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return new HostLine(word, time, seed);
    }

    /// The line with its end, ASCII.
    public byte[] encode() {
        return "%s 1 %d %d %s\n"
                .formatted(
                        word, time.getEpochSecond(), time.getNano(), HexFormat.of().formatHex(seed))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
