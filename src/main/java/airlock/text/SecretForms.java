package airlock.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The forms in which [SecretFilter] looks for secrets.
///
/// For each value: the value itself; each of its lines of at least [#SHORTEST_LINE] characters; and
/// its base64 (RFC 4648, both alphabets) wherever it lies in what is encoded, in one line and in
/// lines as tools break them if the value comes first. Values shorter than [#SHORTEST] are left
/// out.
public final class SecretForms {
    /// The shortest form, in bytes.
    public static final int SHORTEST = 6;

    static final int SHORTEST_LINE = 8;

    /// A shorter rest of a base64 line only counts together with the line before it.
    static final int SHORTEST_PART = 16;

    /// [#at] needs more bytes to decide.
    static final int UNDECIDED = -1;

    /// Where tools break lines of base64: PEM (RFC 7468), MIME (RFC 2045) and base64(1).
    private static final List<Integer> WIDTHS = List.of(64, 76);

    private static final int BASE64_BITS = 6;

    public static final SecretForms NONE = new SecretForms(List.of());

    /// Keyed by their first bytes, the longest first.
    private final Map<Long, List<byte[]>> byBeginning = new HashMap<>();

    /// Keys of the beginnings of forms, of each length below [#SHORTEST].
    private final Set<Long> beginnings = new HashSet<>();

    /// The first two bytes of forms: a quick check that most places of an output fail.
    private final BitSet pairs = new BitSet(1 << 16);

    /// Exactly these forms.
    ///
    /// @param forms of at least [#SHORTEST] bytes each
    public SecretForms(Collection<byte[]> forms) {
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

    public static SecretForms of(List<byte[]> values) {
        var forms = new HashMap<String, byte[]>();
        for (byte[] value : values) {
            byte[] whole = stripped(value);
            if (whole.length < SHORTEST) {
                continue;
            }
            add(forms, whole);
            text(whole)
                    .lines()
                    .map(String::strip)
                    // the first and last line of a PEM file are no secrets
                    .filter(line -> line.length() >= SHORTEST_LINE && !line.startsWith("-----"))
                    .forEach(line -> add(forms, bytes(line)));
            base64(whole).stream()
                    .filter(form -> form.length >= SHORTEST)
                    .forEach(form -> add(forms, form));
            for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                add(forms, encoder.encode(whole));
                for (int before = 0; before < 3; before++) {
                    addLines(forms, encoded(encoder, whole, before), before);
                }
            }
        }
        return forms.isEmpty() ? NONE : new SecretForms(forms.values());
    }

    /// The characters that base64 of any bytes around `value` has for it, in both alphabets: they
    /// depend on the number of bytes before it, modulo 3.
    public static List<byte[]> base64(byte[] value) {
        var forms = new ArrayList<byte[]>();
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (int before = 0; before < 3; before++) {
                byte[] encoded = encoded(encoder, value, before);
                forms.add(Arrays.copyOfRange(encoded, own(before), encoded.length));
            }
        }
        return forms;
    }

    /// Without the last character if that depends on the bytes after `value`.
    private static byte[] encoded(Base64.Encoder encoder, byte[] value, int before) {
        byte[] shifted = new byte[before + value.length];
        System.arraycopy(value, 0, shifted, before, value.length);
        return Arrays.copyOf(
                encoder.withoutPadding().encode(shifted), shifted.length * Byte.SIZE / BASE64_BITS);
    }

    /// The first character that does not depend on the bytes before a value.
    private static int own(int before) {
        return (before * Byte.SIZE + BASE64_BITS - 1) / BASE64_BITS;
    }

    /// Adds each line by itself, since tools may indent lines or print some of them.
    private static void addLines(Map<String, byte[]> forms, byte[] encoded, int before) {
        for (int width : WIDTHS) {
            for (int line = 0; encoded.length > width && line < encoded.length; line += width) {
                int end = Math.min(line + width, encoded.length);
                if (end - line >= SHORTEST_PART) {
                    add(forms, Arrays.copyOfRange(encoded, Math.max(line, own(before)), end));
                    continue;
                }
                String last = text(Arrays.copyOfRange(encoded, line - SHORTEST_PART, line));
                String rest = text(Arrays.copyOfRange(encoded, line, end));
                add(forms, bytes(last + "\n" + rest));
                add(forms, bytes(last + "\r\n" + rest));
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

    /// The text with `***` in place of secrets.
    public String mask(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new String(new SecretFilter(this).filtered(bytes, true), StandardCharsets.UTF_8);
    }

    public boolean isIn(String text) {
        var filter = new SecretFilter(this);
        filter.filtered(bytes(text), true);
        return filter.hasFound();
    }

    /// The length of the longest form at `at`: 0 if there is none, [#UNDECIDED] if `bytes` end in
    /// the beginning of a form.
    ///
    /// @param isEnd whether no more bytes come
    int at(byte[] bytes, int at, boolean isEnd) {
        int left = bytes.length - at;
        if (left < SHORTEST) {
            return !isEnd && beginnings.contains(key(bytes, at, left)) ? UNDECIDED : 0;
        }
        if (!pairs.get(pair(bytes, at))) {
            return 0;
        }
        for (byte[] form : byBeginning.getOrDefault(key(bytes, at, SHORTEST), List.of())) {
            int length = Math.min(form.length, left);
            boolean isLonger = form.length > left;
            if (!(isLonger && isEnd) && Arrays.equals(bytes, at, at + length, form, 0, length)) {
                return isLonger ? UNDECIDED : length;
            }
        }
        return 0;
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
