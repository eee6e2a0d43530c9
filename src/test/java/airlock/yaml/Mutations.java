package airlock.yaml;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/// Spoils files: what a reader of foreign bytes must live with.
public final class Mutations {
    private Mutations() {}

    /// `good` with one to four random changes: bits flipped, bytes replaced, pieces cut, doubled
    /// or moved, the end cut off.
    public static byte[] of(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes =
                    bytes.length == 0
                            ? new byte[] {(byte) random.nextInt(256)}
                            : one(bytes, random);
        }
        return bytes;
    }

    private static byte[] one(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int end = at + random.nextInt(Math.min(20, bytes.length - at)) + 1;
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) "[]{}:-?&*!|>'\"%#,\n\t \0".charAt(random.nextInt(21));
            case 2 -> {
                return joined(bytes, 0, at, end, bytes.length);
            }
            case 3 -> {
                return joined(bytes, 0, end, at, bytes.length);
            }
            case 4 -> {
                return Arrays.copyOf(bytes, at);
            }
            default -> bytes[at] = bytes[random.nextInt(bytes.length)];
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int from, int to, int from2, int to2) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, from, to - from);
        out.write(bytes, from2, to2 - from2);
        return out.toByteArray();
    }
}
