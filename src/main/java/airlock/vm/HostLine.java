package airlock.vm;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/// The one line that the host writes to the log port: it opens the gate (docs/guest-protocol.md).
///
/// @param word what the guest does behind the gate
/// @param time what the guest's clock is set to
/// @param seed 32 fresh random bytes for the guest's kernel
public record HostLine(Word word, Instant time, byte[] seed) {
    /// Bytes of a seed.
    public static final int SEED_BYTES = 32;

    public HostLine {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException(
                    "a seed has %d bytes, not %d".formatted(SEED_BYTES, seed.length));
        }
        seed = seed.clone();
    }

    /// What the guest does behind the gate.
    public enum Word {
        /// The steps, and then nothing more.
        RUN,

        /// The steps, and then it waits at its gate again.
        REHEARSE
    }

    /// A line with a seed that nobody else has.
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
