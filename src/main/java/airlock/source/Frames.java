package airlock.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The pieces of the protocol between the server and a fetch process: a frame is a length (4
/// bytes, big endian) and as many bytes; within, a text is a length and UTF-8, a list a count and
/// its items. Both sides are this program, but the child has met foreign bytes: every length is
/// checked before anything is allocated.
final class Frames {
    /// The tips of a repository with half a million refs.
    static final int LONGEST = 64 << 20;

    /// Reads one item of a list.
    interface Reading<T> {
        T read(DataInputStream in) throws IOException;
    }

    /// Writes one item of a list, or a frame's content.
    interface Writing<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    private Frames() {}

    static <T> byte[] bytes(Writing<T> writing, T value) throws IOException {
        var bytes = new ByteArrayOutputStream();
        writing.write(new DataOutputStream(bytes), value);
        return bytes.toByteArray();
    }

    static void write(OutputStream out, byte[] content) throws IOException {
        if (content.length > LONGEST) {
            throw new IOException("a frame of " + content.length + " bytes is too long to send");
        }
        var data = new DataOutputStream(out);
        data.writeInt(content.length);
        data.write(content);
        data.flush();
    }

    /// The next frame's content.
    ///
    /// @throws EOFException where the stream ends before or within it
    static DataInputStream read(InputStream in) throws IOException {
        int length = new DataInputStream(in).readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a frame claims to have " + length + " bytes");
        }
        byte[] content = in.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("a frame ends after " + content.length + " bytes");
        }
        return new DataInputStream(new ByteArrayInputStream(content));
    }

    static void blob(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] blob(DataInputStream in) throws IOException {
        int length = length(in);
        return in.readNBytes(length);
    }

    static void text(DataOutputStream out, String text) throws IOException {
        blob(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(DataInputStream in) throws IOException {
        return new String(blob(in), StandardCharsets.UTF_8);
    }

    static <T> void list(DataOutputStream out, List<T> items, Writing<T> writing)
            throws IOException {
        out.writeInt(items.size());
        for (T item : items) {
            writing.write(out, item);
        }
    }

    static <T> List<T> list(DataInputStream in, Reading<T> reading) throws IOException {
        int count = length(in);
        var items = new ArrayList<T>();
        for (int i = 0; i < count; i++) {
            items.add(reading.read(in));
        }
        return items;
    }

    /// Every item has at least one byte, so what is left in the frame bounds counts, too.
    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " does not fit its frame");
        }
        return length;
    }
}
