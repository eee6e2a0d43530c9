package airlock.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Puts `***` in place of secrets in a stream of bytes, also if a secret comes in pieces. A
/// courtesy against accidents, no boundary: a program that can print a secret can print it in
/// another form than those of [SecretForms].
///
/// **Bounds**: holds back less than the longest form. **Threads**: one at a time.
public final class SecretFilter {
    private static final byte[] STARS = "***".getBytes(StandardCharsets.US_ASCII);

    private final SecretForms forms;
    private byte[] held = {};

    /// How many of the next bytes belong to a secret that has its stars already.
    private int covered;

    private boolean hasFound;

    public SecretFilter(SecretForms forms) {
        this.forms = forms;
    }

    /// Takes the next bytes; returns those that are decided, and holds back a possible beginning of
    /// a secret.
    public byte[] next(byte[] bytes) {
        return forms.isEmpty() ? bytes : filtered(bytes, false);
    }

    /// At the end of the stream: the bytes that were held back.
    public byte[] rest() {
        return filtered(new byte[0], true);
    }

    /// Whether the bytes that were returned have stars.
    public boolean hasFound() {
        return hasFound;
    }

    byte[] filtered(byte[] more, boolean isEnd) {
        byte[] bytes = Arrays.copyOf(held, held.length + more.length);
        System.arraycopy(more, 0, bytes, held.length, more.length);
        var out = new ByteArrayOutputStream(bytes.length);
        int at = 0;
        for (; at < bytes.length; at++) {
            int length = forms.at(bytes, at, isEnd);
            if (length == SecretForms.UNDECIDED) {
                break;
            }
            if (length > 0 && covered == 0) {
                out.writeBytes(STARS);
                hasFound = true;
            }
            covered = Math.max(covered, length);
            if (covered == 0) {
                out.write(bytes[at]);
            } else {
                covered--;
            }
        }
        held = Arrays.copyOfRange(bytes, at, bytes.length);
        return out.toByteArray();
    }
}
