package airlock.vm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads the frames of the log port (docs/guest-protocol.md) as records, in a fixed amount of
/// memory whatever the guest sends. For one thread.
public final class RecordReader {
    /// Most bytes in an output record.
    public static final int MOST_OUTPUT_BYTES = 64 << 10;

    /// Most bytes in the name of a packed drive.
    public static final int MOST_DEVICE_BYTES = 255;

    private static final int HEAD = 5;
    private static final int MOST_PAYLOAD = MOST_OUTPUT_BYTES + 64;

    private final InputStream in;
    private final RecordOrder order;
    private long bytesRead;
    private boolean ended;

    /// @param in what comes from the port; stays the caller's to close
    /// @param steps how many steps the guest was given
    public RecordReader(InputStream in, int steps) {
        this(in, new RecordOrder(steps));
    }

    private RecordReader(InputStream in, RecordOrder order) {
        this.in = in;
        this.order = order;
    }

    /// Reads from a guest that said that it is ready before it was saved.
    static RecordReader afterReady(InputStream in, int steps) {
        return new RecordReader(in, RecordOrder.afterReady(steps));
    }

    /// What came next.
    public sealed interface Reading {
        /// A record that is well-formed and at its place.
        record Read(GuestRecord record) implements Reading {}

        /// The port was closed between two records.
        record End() implements Reading {}

        /// The guest sent what its program never sends; nothing after it is worth reading.
        ///
        /// @param reason for people
        record Bad(String reason) implements Reading {}
    }

    /// Waits for the next record. After [Reading.End] or [Reading.Bad] it gives `End`.
    ///
    /// @throws IOException when the port cannot be read
    public Reading next() throws IOException {
        if (ended) {
            return new Reading.End();
        }
        Reading reading = read();
        ended = !(reading instanceof Reading.Read);
        return reading;
    }

    /// Bytes of frames that came so far, for a limit on how much a guest may send.
    public long bytesRead() {
        return bytesRead;
    }

    private Reading read() throws IOException {
        byte[] head = in.readNBytes(HEAD);
        bytesRead += head.length;
        if (head.length == 0) {
            return new Reading.End();
        }
        if (head.length < HEAD) {
            return new Reading.Bad("ends inside the head of a record");
        }
        var fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt();
        int type = fields.get() & 0xff;
        if (length < 0 || length > MOST_PAYLOAD) {
            return new Reading.Bad(
                    "a record of %d bytes, at most %d"
                            .formatted(Integer.toUnsignedLong(length), MOST_PAYLOAD));
        }
        byte[] payload = in.readNBytes(length);
        bytesRead += payload.length;
        if (payload.length < length) {
            return new Reading.Bad("ends inside a record");
        }
        return switch (RecordPayload.parse(type, payload)) {
            case RecordPayload.Parsed.Good(var record) -> order.check(record);
            case RecordPayload.Parsed.Malformed(var reason) -> new Reading.Bad(reason);
        };
    }
}
