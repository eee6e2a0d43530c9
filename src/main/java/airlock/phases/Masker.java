package airlock.phases;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Puts `***` in the place of secrets in what a phase prints: exact values, their lines, their
/// base64 forms ([SecretForms]), also where a value comes in pieces. A courtesy against accidents,
/// no boundary: who can print a secret can print it in another form.
///
/// **Bounds**: it holds back less than the longest form, for each stream. **Threads**: one at a
/// time.
final class Masker {
    /// Hides nothing.
    static final Masker NOTHING = new Masker(SecretForms.NONE);

    private static final byte[] STARS = "***".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING_HELD = new byte[0];

    private final SecretForms forms;
    private final Map<Integer, Held> streams = new HashMap<>();

    /// What of a stream is not decided yet.
    ///
    /// @param covered how many of the bytes are under stars already
    private record Held(byte[] bytes, int covered) {
        static final Held NONE = new Held(NOTHING_HELD, 0);
    }

    Masker(SecretForms forms) {
        this.forms = forms;
    }

    /// What can be shown of a stream when `bytes` have come; the rest is held back.
    synchronized byte[] next(int stream, byte[] bytes) {
        if (forms.isEmpty()) {
            return bytes;
        }
        return run(stream, bytes, false);
    }

    /// What is held back of a stream, when no more comes.
    synchronized byte[] rest(int stream) {
        return forms.isEmpty() ? NOTHING_HELD : run(stream, NOTHING_HELD, true);
    }

    /// A whole line at once.
    String line(String text) {
        if (forms.isEmpty()) {
            return text;
        }
        var once = new Masker(forms);
        return new String(
                once.run(0, text.getBytes(StandardCharsets.UTF_8), true), StandardCharsets.UTF_8);
    }

    private byte[] run(int stream, byte[] more, boolean isEnd) {
        Held held = streams.getOrDefault(stream, Held.NONE);
        byte[] bytes = joined(held.bytes(), more);
        var out = new ByteArrayOutputStream(bytes.length);
        int covered = held.covered();
        int at = 0;
        while (at < bytes.length && (isEnd || !forms.mayGoOn(bytes, at))) {
            int length = forms.at(bytes, at);
            if (length > 0 && covered == 0) {
                out.writeBytes(STARS);
            }
            covered = Math.max(covered, length);
            if (covered == 0) {
                out.write(bytes[at]);
            } else {
                covered--;
            }
            at++;
        }
        byte[] left = Arrays.copyOfRange(bytes, at, bytes.length);
        streams.put(stream, left.length == 0 && covered == 0 ? Held.NONE : new Held(left, covered));
        return out.toByteArray();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0) {
            return second;
        }
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
