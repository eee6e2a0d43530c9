package airlock.source;

import airlock.base.Hash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;

/// A pack written byte by byte (gitformat-pack), unlike any that git would write.
final class HandmadePack {
    static final int COMMIT = 1;
    static final int TREE = 2;
    static final int BLOB = 3;
    private static final int OFFSET_DELTA = 6;

    /// The most that one copy instruction takes.
    private static final int MOST_COPIED = 0xffffff;

    private final ByteArrayOutputStream objects = new ByteArrayOutputStream();
    private final int start = 12; // the pack's head
    private int count;
    private int last;

    /// Adds a whole object.
    HandmadePack add(int type, byte[] content) {
        head(type, content.length);
        deflate(content);
        return this;
    }

    /// Adds a delta that doubles the previous object, which has `from` bytes.
    ///
    /// @param claimed the length of its result, as the delta says
    HandmadePack twice(long from, long claimed) {
        var delta = new ByteArrayOutputStream();
        size(delta, from);
        size(delta, claimed);
        copy(delta, from);
        copy(delta, from);
        return delta(delta.toByteArray());
    }

    /// Adds a delta on the previous object.
    HandmadePack delta(byte[] instructions) {
        int distance = start + objects.size() - last;
        head(OFFSET_DELTA, instructions.length);
        offset(distance);
        deflate(instructions);
        return this;
    }

    private void head(int type, int length) {
        last = start + objects.size();
        count++;
        int rest = length >>> 4;
        int first = (type << 4) | (length & 0xf);
        objects.write(rest == 0 ? first : first | 0x80);
        for (; rest != 0; rest >>>= 7) {
            objects.write(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
        }
    }

    private void offset(int distance) {
        byte[] digits = new byte[5];
        int at = digits.length - 1;
        digits[at] = (byte) (distance & 0x7f);
        for (int rest = distance >> 7; rest > 0; rest >>= 7) {
            rest--;
            digits[--at] = (byte) ((rest & 0x7f) | 0x80);
        }
        objects.write(digits, at, digits.length - at);
    }

    private void deflate(byte[] content) {
        try (var deflated = new DeflaterOutputStream(objects)) {
            deflated.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void size(ByteArrayOutputStream delta, long size) {
        long rest = size;
        for (; rest > 0x7f; rest >>>= 7) {
            delta.write((int) ((rest & 0x7f) | 0x80));
        }
        delta.write((int) rest);
    }

    /// Copies the whole base.
    private static void copy(ByteArrayOutputStream delta, long length) {
        for (long at = 0; at < length; at += MOST_COPIED) {
            int piece = (int) Math.min(MOST_COPIED, length - at);
            delta.write(0xff);
            for (int shift = 0; shift < 32; shift += 8) {
                delta.write((int) (at >>> shift));
            }
            for (int shift = 0; shift < 24; shift += 8) {
                delta.write(piece >>> shift);
            }
        }
    }

    /// All of it, with its checksum.
    byte[] bytes() {
        var pack = new ByteArrayOutputStream();
        byte[] head =
                ByteBuffer.allocate(start)
                        .put("PACK".getBytes(StandardCharsets.US_ASCII))
                        .putInt(2)
                        .putInt(count)
                        .array();
        pack.writeBytes(head);
        pack.writeBytes(objects.toByteArray());
        pack.writeBytes(sha1(pack.toByteArray()));
        return pack.toByteArray();
    }

    /// The id of an object.
    static String id(String type, byte[] content) {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes((type + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(content);
        return HexFormat.of().formatHex(sha1(whole.toByteArray()));
    }

    private static byte[] sha1(byte[] bytes) {
        return Hash.by("SHA-1").add(bytes).bytes();
    }
}
