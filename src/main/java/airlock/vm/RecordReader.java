package airlock.vm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads the frames of the log port (docs/guest-protocol.md) as records, in a fixed amount of
/// memory whatever the guest sends, and checks their order. For one thread.
public final class RecordReader {
    /// Most bytes in an output record.
    public static final int MOST_OUTPUT_BYTES = 64 << 10;

    /// Most bytes in the name of a packed drive.
    public static final int MOST_DEVICE_BYTES = 255;

    private static final int NONE = -1;
    private static final int HEAD = 5;
    private static final int MOST_PAYLOAD = MOST_OUTPUT_BYTES + 64;

    private final InputStream in;
    private final int steps;
    private long bytesRead;
    private boolean ended;
    private boolean ready;
    private boolean last;
    private int open = NONE;
    private int seen = NONE;
    private long time;

    /// Reads a guest from its boot on.
    ///
    /// @param in the port; the caller closes it
    /// @param steps the number of the guest's steps
    public RecordReader(InputStream in, int steps) {
        this.in = in;
        this.steps = steps;
    }

    /// Reads from a guest that was ready before it was saved.
    static RecordReader afterReady(InputStream in, int steps) {
        var reader = new RecordReader(in, steps);
        reader.ready = true;
        return reader;
    }

    public sealed interface Reading {
        /// A record that is well-formed and in order.
        record Read(GuestRecord record) implements Reading {}

        /// The port was closed between two records.
        record End() implements Reading {}

        /// The guest sent something that its program never sends; the rest is not read.
        record Bad(String reason) implements Reading {}
    }

    /// Waits for the next record. After [Reading.End] or [Reading.Bad] it returns `End`.
    public Reading next() throws IOException {
        if (ended) {
            return new Reading.End();
        }
        Reading reading = read();
        ended = !(reading instanceof Reading.Read);
        return reading;
    }

    /// Bytes of frames so far, for a limit on how much a guest may send.
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
        var parsed = RecordPayload.parse(type, payload);
        return parsed instanceof Reading.Read(var record) ? inOrder(record) : parsed;
    }

    /// Whether the guest program sends such a record at this place.
    private Reading inOrder(GuestRecord record) {
        String problem = ready || record instanceof GuestRecord.Ready ? "" : "no Ready before it";
        if (problem.isEmpty()) {
            problem = last ? "a record after the last one" : take(record);
        }
        return problem.isEmpty()
                ? new Reading.Read(record)
                : new Reading.Bad(record.getClass().getSimpleName() + ": " + problem);
    }

    private String take(GuestRecord record) {
        return switch (record) {
            case GuestRecord.Ready(var version) -> ready(version);
            case GuestRecord.StepStarted(var step, var at) -> {
                boolean rises = open == NONE && step > seen && step < steps;
                open = step;
                seen = step;
                yield rises ? at(at) : "step %d is out of order".formatted(step);
            }
            case GuestRecord.Output output ->
                    output.step() == open ? at(output.microseconds()) : notOpen(output.step());
            case GuestRecord.StepEnded ended -> {
                boolean ends = ended.step() == open;
                open = NONE;
                yield ends ? at(ended.microseconds()) : notOpen(ended.step());
            }
            case GuestRecord.Finished finished -> {
                last = true;
                yield open == NONE ? at(finished.microseconds()) : "a step has not ended";
            }
            case GuestRecord.Broke broke -> {
                last = true;
                yield at(broke.microseconds());
            }
        };
    }

    private String ready(int version) {
        boolean first = !ready;
        ready = true;
        if (version != GuestRecord.Ready.VERSION) {
            return "protocol version %d, not %d".formatted(version, GuestRecord.Ready.VERSION);
        }
        return first ? "" : "the second one";
    }

    private String at(long microseconds) {
        boolean forward = microseconds >= time;
        time = microseconds;
        return forward ? "" : "its time goes backwards";
    }

    private static String notOpen(int step) {
        return "step %d is not under way".formatted(step);
    }
}
