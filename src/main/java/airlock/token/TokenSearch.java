package airlock.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Looks for several strings of bytes at once, in one step a byte (Aho and Corasick 1975).
final class TokenSearch {
    private static final int BYTES = 256;

    /// For each state, the one that a byte leads to; state 0 is the beginning.
    private final short[] next;

    /// For each state, how many of the last bytes could be the beginning of a match.
    private final short[] depth;

    private final boolean[] found;
    private int states = 1;

    /// @param forms none of them empty; of few bytes together, see [TokenForms]
    TokenSearch(List<byte[]> forms) {
        int most = 1 + forms.stream().mapToInt(form -> form.length).sum();
        if (most > Short.MAX_VALUE) {
            throw new IllegalArgumentException("too much to look for: " + most + " bytes");
        }
        next = new short[most * BYTES];
        depth = new short[most];
        found = new boolean[most];
        forms.forEach(this::add);
        link();
    }

    private void add(byte[] form) {
        int state = 0;
        for (byte each : form) {
            int at = state * BYTES + (each & 0xff);
            if (next[at] == 0) {
                depth[states] = (short) (depth[state] + 1);
                next[at] = (short) states++;
            }
            state = next[at];
        }
        found[state] = true;
    }

    /// Where no byte goes on, what was read last may be the beginning of another match.
    private void link() {
        var waiting = new ArrayDeque<Integer>();
        short[] fallback = new short[states];
        waiting.add(0);
        while (!waiting.isEmpty()) {
            int state = waiting.remove();
            for (int each = 0; each < BYTES; each++) {
                int at = state * BYTES + each;
                short elsewhere = state == 0 ? 0 : next[fallback[state] * BYTES + each];
                if (next[at] == 0) {
                    next[at] = elsewhere;
                } else {
                    fallback[next[at]] = elsewhere;
                    found[next[at]] |= found[elsewhere];
                    waiting.add((int) next[at]);
                }
            }
        }
    }

    /// Whether something of it is in a text.
    boolean isIn(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Sieve().pass(bytes, bytes.length).isEmpty();
    }

    /// One stream of bytes, in pieces. What could be the beginning of a match is held back until
    /// it is none.
    final class Sieve {
        private int state;
        private byte[] held = new byte[0];

        /// Takes the next piece.
        ///
        /// @return what may go on, with what was held back before; empty where there is a match
        Optional<byte[]> pass(byte[] piece, int length) {
            for (int i = 0; i < length; i++) {
                state = next[state * BYTES + (piece[i] & 0xff)];
                if (found[state]) {
                    return Optional.empty();
                }
            }
            byte[] all = Arrays.copyOf(held, held.length + length);
            System.arraycopy(piece, 0, all, held.length, length);
            int through = all.length - depth[state];
            held = Arrays.copyOfRange(all, through, all.length);
            return Optional.of(Arrays.copyOf(all, through));
        }

        /// What is held back, when nothing more comes.
        byte[] rest() {
            return held;
        }
    }
}
