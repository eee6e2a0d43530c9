package airlock.phases;

import airlock.secrets.StoredSecrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The forms in which secrets are looked for: each value; of values with several lines each line
/// of at least [#SHORTEST_LINE] characters; and what base64 (RFC 4648, both alphabets) makes of a
/// value wherever it lies in what is encoded, in one line, and in lines as tools break it where
/// the value stands at the beginning. Values shorter than [#SHORTEST] are left out.
final class SecretForms {
    /// The shortest value that is looked for.
    static final int SHORTEST = StoredSecrets.SHORTEST_MASKED;

    static final int SHORTEST_LINE = 8;

    /// Of lines of base64: fewer characters are looked for only behind the line before them.
    static final int SHORTEST_PART = 16;

    /// Where tools break lines of base64: PEM (RFC 7468), MIME (RFC 2045) and base64(1).
    private static final List<Integer> WIDTHS = List.of(64, 76);

    /// None.
    static final SecretForms NONE = new SecretForms(List.of());

    /// By their first bytes, the longest first.
    private final Map<Long, List<byte[]>> byBeginning = new HashMap<>();

    /// Shorter beginnings of forms, of each length below [#SHORTEST].
    private final Set<Long> beginnings = new HashSet<>();

    /// Pairs of bytes that some form begins with: most places of an output are none.
    private final BitSet pairs = new BitSet(1 << 16);

    private SecretForms(List<byte[]> forms) {
        for (byte[] form : forms) {
            byBeginning.computeIfAbsent(key(form, 0, SHORTEST), _ -> new ArrayList<>()).add(form);
            pairs.set(pair(form, 0));
            for (int length = 1; length < SHORTEST; length++) {
                beginnings.add(key(form, 0, length));
            }
        }
        byBeginning
                .values()
                .forEach(list -> list.sort(Comparator.comparingInt(form -> -form.length)));
    }

    /// Those of `values`.
    static SecretForms of(List<byte[]> values) {
        var forms = new HashMap<String, byte[]>();
        for (byte[] value : values) {
            byte[] whole = stripped(value);
            if (whole.length < SHORTEST) {
                continue;
            }
            add(forms, whole);
            for (String line : text(whole).lines().map(String::strip).toList()) {
                // the frame of a PEM file is no secret
                if (line.length() >= SHORTEST_LINE && !line.startsWith("-----")) {
                    add(forms, bytes(line));
                }
            }
            addEncoded(forms, whole);
        }
        return forms.isEmpty() ? NONE : new SecretForms(List.copyOf(forms.values()));
    }

    /// What base64 makes of it after a number of other bytes that is 0, 1 or 2 above a multiple of
    /// three, without the characters that have bits of what stands around it.
    private static void addEncoded(Map<String, byte[]> forms, byte[] value) {
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            add(forms, encoder.encode(value));
            for (int before = 0; before < 3; before++) {
                byte[] shifted = new byte[before + value.length];
                System.arraycopy(value, 0, shifted, before, value.length);
                byte[] encoded = encoder.withoutPadding().encode(shifted);
                int from = (before * 8 + 5) / 6;
                int to = shifted.length * 8 / 6;
                if (to - from >= SHORTEST) {
                    add(forms, Arrays.copyOfRange(encoded, from, to));
                }
                WIDTHS.forEach(width -> addLines(forms, encoded, from, to, width));
            }
        }
    }

    /// Each line for itself: whoever prints it may indent it, or print no other.
    private static void addLines(
            Map<String, byte[]> forms, byte[] encoded, int from, int to, int width) {
        if (to <= width) {
            return;
        }
        for (int line = 0; line < to; line += width) {
            int end = Math.min(line + width, to);
            if (end - line >= SHORTEST_PART) {
                add(forms, Arrays.copyOfRange(encoded, Math.max(line, from), end));
                continue;
            }
            String before = text(Arrays.copyOfRange(encoded, line - SHORTEST_PART, line));
            String rest = text(Arrays.copyOfRange(encoded, line, end));
            for (String lineBreak : List.of("\n", "\r\n")) {
                add(forms, bytes(before + lineBreak + rest));
            }
        }
    }

    private static void add(Map<String, byte[]> forms, byte[] form) {
        forms.put(text(form), form);
    }

    /// Without line breaks at its end, which files have and outputs lose.
    private static byte[] stripped(byte[] value) {
        int end = value.length;
        while (end > 0 && (value[end - 1] == '\n' || value[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(value, end);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean isEmpty() {
        return byBeginning.isEmpty();
    }

    /// The length of the longest form that stands at `at`; 0 where none does.
    int at(byte[] bytes, int at) {
        for (byte[] form : candidates(bytes, at)) {
            if (at + form.length <= bytes.length
                    && Arrays.equals(bytes, at, at + form.length, form, 0, form.length)) {
                return form.length;
            }
        }
        return 0;
    }

    /// Whether what stands from `at` to the end is the beginning of a form, but not all of it.
    boolean mayGoOn(byte[] bytes, int at) {
        int left = bytes.length - at;
        if (left < SHORTEST) {
            return beginnings.contains(key(bytes, at, left));
        }
        for (byte[] form : candidates(bytes, at)) {
            if (form.length > left && Arrays.equals(bytes, at, bytes.length, form, 0, left)) {
                return true;
            }
        }
        return false;
    }

    private List<byte[]> candidates(byte[] bytes, int at) {
        if (at + SHORTEST > bytes.length || !pairs.get(pair(bytes, at))) {
            return List.of();
        }
        return byBeginning.getOrDefault(key(bytes, at, SHORTEST), List.of());
    }

    private static int pair(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    /// The bytes as one number, with their count.
    private static long key(byte[] bytes, int at, int length) {
        long key = length;
        for (int i = 0; i < length; i++) {
            key = (key << 8) | (bytes[at + i] & 0xff);
        }
        return key;
    }

    @Override
    public String toString() {
        return "SecretForms[***]";
    }
}
