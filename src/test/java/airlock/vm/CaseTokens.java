package airlock.vm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The tokens of the case files (src/test/resources/guest/README.md).
final class CaseTokens {
    private static final int BLOCK = 512;

    private final String text;
    private int at;

    private CaseTokens(String text) {
        this.text = text;
    }

    static byte[] bytes(String text) {
        return new CaseTokens(text).all();
    }

    private byte[] all() {
        var out = new ByteArrayOutputStream();
        List<Integer> sums = new ArrayList<>();
        while (true) {
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
            if (at == text.length()) {
                break;
            }
            if (text.charAt(at) == '|') {
                at++;
                out.writeBytes(new byte[(BLOCK - out.size() % BLOCK) % BLOCK]);
            } else if (text.startsWith("@sum", at)) {
                at += 4;
                sums.add(out.size());
                out.writeBytes(" ".repeat(8).getBytes(StandardCharsets.US_ASCII));
            } else {
                out.writeBytes(token());
            }
        }
        byte[] bytes = out.toByteArray();
        sums.forEach(sum -> putSum(bytes, sum));
        return bytes;
    }

    private static void putSum(byte[] bytes, int at) {
        int total = 0;
        int block = at / BLOCK * BLOCK;
        for (int i = block; i < Math.min(block + BLOCK, bytes.length); i++) {
            total += bytes[i] & 0xff;
        }
        byte[] sum = "%06o\0".formatted(total).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(sum, 0, bytes, at, sum.length);
    }

    private byte[] token() {
        byte[] once = plain();
        if (at < text.length() && text.charAt(at) == '/') {
            return Arrays.copyOf(once, Math.max(once.length, numberAfterSign()));
        }
        if (at < text.length() && text.charAt(at) == '*') {
            var out = new ByteArrayOutputStream();
            for (int times = numberAfterSign(); times > 0; times--) {
                out.writeBytes(once);
            }
            return out.toByteArray();
        }
        return once;
    }

    private int numberAfterSign() {
        int from = ++at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Integer.parseInt(text.substring(from, at));
    }

    private byte[] plain() {
        if (text.charAt(at) == '"') {
            return quoted();
        }
        if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
            char kind = text.charAt(at++);
            byte[] value = quoted();
            return prefixed(kind, value);
        }
        if (text.startsWith("@end", at)) {
            at += 4;
            return new byte[2 * BLOCK];
        }
        return text.charAt(at) == 'u' ? littleEndian() : hex();
    }

    private static byte[] prefixed(char kind, byte[] value) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(number(value.length, kind == 's' ? 2 : 4));
        out.writeBytes(value);
        if (kind == 't') {
            out.write(0);
        }
        return out.toByteArray();
    }

    private byte[] littleEndian() {
        int colon = text.indexOf(':', at);
        int bits = Integer.parseInt(text.substring(at + 1, colon));
        int end = colon + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        at = end;
        return number(Long.parseLong(text.substring(colon + 1, end)), bits / 8);
    }

    private static byte[] number(long value, int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        return bytes;
    }

    private byte[] hex() {
        int from = at;
        while (at + 1 < text.length()
                && HexFormat.isHexDigit(text.charAt(at))
                && HexFormat.isHexDigit(text.charAt(at + 1))) {
            at += 2;
        }
        if (at == from) {
            throw new IllegalArgumentException("not a token: " + text.substring(at));
        }
        return HexFormat.of().parseHex(text, from, at);
    }

    private byte[] quoted() {
        var out = new ByteArrayOutputStream();
        for (at++; text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                c = text.charAt(++at);
                switch (c) {
                    case 'n' -> c = '\n';
                    case '0' -> c = '\0';
                    case 'x' -> {
                        c = (char) HexFormat.fromHexDigits(text, at + 1, at + 3);
                        at += 2;
                    }
                    default -> {}
                }
            }
            out.write(c);
        }
        at++;
        return out.toByteArray();
    }
}
