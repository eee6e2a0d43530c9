package airlock.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class Mutants {
    private Mutants() {}

    /// Replaces or removes a few bytes of `good`, or inserts some `junk`.
    static byte[] of(byte[] good, List<String> junk, Random random) {
        var bytes = new ArrayList<Byte>();
        for (byte b : good) {
            bytes.add(b);
        }
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(4)) {
                case 0 -> bytes.set(at, (byte) random.nextInt(256));
                case 1 ->
                        bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(1, 30)))
                                .clear();
                default -> {
                    byte[] some =
                            junk.get(random.nextInt(junk.size())).getBytes(StandardCharsets.UTF_8);
                    for (int i = some.length - 1; i >= 0; i--) {
                        bytes.add(at, some[i]);
                    }
                }
            }
        }
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i);
        }
        return all;
    }
}
