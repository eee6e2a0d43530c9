package airlock.vm;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/// The one line that the host writes to the log port: it opens the gate (docs/guest-protocol.md).
///
/// @param time what the guest's clock is set to
/// @param seed 32 fresh random bytes for the guest's kernel
public record HostLine(Instant time, byte[] seed) {
    /// Bytes of a seed.
    public static final int SEED_BYTES = 32;

    public HostLine {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException(
                    "a seed has %d bytes, not %d".formatted(SEED_BYTES, seed.length));
        }
        seed = seed.clone();
    }

    /// The line with its end, ASCII.
    public byte[] encode() {
        return "RUN 1 %d %d %s\n"
                .formatted(time.getEpochSecond(), time.getNano(), HexFormat.of().formatHex(seed))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
