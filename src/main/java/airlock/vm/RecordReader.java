package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    /// Waits for the next record.
    ///
    /// @return a record that is well-formed and in order; empty if the port was closed between two
    /// @throws ProtocolException if the guest sent something that its program never sends; nothing
    ///     more may be read
    public Optional<GuestRecord> next() throws IOException {
        byte[] head = in.readNBytes(HEAD);
        bytesRead += head.length;
        if (head.length == 0) {
            return Optional.empty();
        }
        check(head.length == HEAD, "ends inside the head of a record");
        var fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int length = fields.getInt();
        int type = fields.get() & 0xff;
        if (length < 0 || length > MOST_PAYLOAD) {
            throw new ProtocolException(
                    "a record of %d bytes, at most %d"
                            .formatted(Integer.toUnsignedLong(length), MOST_PAYLOAD));
        }
        byte[] payload = in.readNBytes(length);
        bytesRead += payload.length;
        check(payload.length == length, "ends inside a record");
        var record = Payload.parse(type, payload);
        String problem = ready || record instanceof GuestRecord.Ready ? "" : "no Ready before it";
        if (problem.isEmpty()) {
            problem = last ? "a record after the last one" : take(record);
        }
        check(problem.isEmpty(), record.getClass().getSimpleName() + ": " + problem);
        return Optional.of(record);
    }

    private static void check(boolean fits, String otherwise) throws ProtocolException {
        if (!fits) {
            throw new ProtocolException(otherwise);
        }
    }

    /// Bytes of frames so far, for a limit on how much a guest may send.
    public long bytesRead() {
        return bytesRead;
    }

    /// Why the guest program sends no such record at this place; empty if it does.
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

    /// Parses the payload of one record field by field, up to the first invalid one.
    private static final class Payload {
        private static final int MOST_DETAIL_BYTES = 512;
        private static final int MOST_PACKED = 16;

        private final ByteBuffer bytes;

        private Payload(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        static GuestRecord parse(int type, byte[] bytes) throws ProtocolException {
            var payload = new Payload(bytes);
            try {
                var record = payload.record(type);
                check(!payload.bytes.hasRemaining(), "a record of type " + type + " is too long");
                return record;
            } catch (BufferUnderflowException _) {
                throw new ProtocolException("a record of type " + type + " is too short");
            }
        }

        private GuestRecord record(int type) throws ProtocolException {
            return switch (type) {
                case 1 -> new GuestRecord.Ready(number("a version"));
                case 2 -> new GuestRecord.StepStarted(number("a step"), big("a time"));
                case 3 -> output();
                case 4 -> ended();
                case 5 -> finished();
                case 6 -> {
                    long time = big("a time");
                    yield new GuestRecord.Broke(text(MOST_DETAIL_BYTES), time);
                }
                default -> throw new ProtocolException("a record of unknown type " + type);
            };
        }

        private GuestRecord output() throws ProtocolException {
            int step = number("a step");
            long time = big("a time");
            int stream = bytes.get();
            check(
                    stream >= 1 && stream <= GuestRecord.Output.TRACE,
                    "output of a stream that is not 1, 2 or 3");
            var output = new byte[bytes.remaining()];
            bytes.get(output);
            check(
                    output.length > 0 && output.length <= MOST_OUTPUT_BYTES,
                    "output of " + output.length + " bytes");
            return new GuestRecord.Output(step, stream, output, time);
        }

        private GuestRecord ended() throws ProtocolException {
            int step = number("a step");
            long time = big("a time");
            int kind = bytes.get() & 0xff;
            int value = bytes.getInt();
            var usage =
                    new GuestRecord.Usage(
                            big("a CPU time"), big("a CPU time"), big("a resident set"));
            String detail = text(MOST_DETAIL_BYTES);
            return new GuestRecord.StepEnded(step, end(kind, value, detail), usage, time);
        }

        private StepEnd end(int kind, int value, String detail) throws ProtocolException {
            return switch (kind) {
                case 0 -> {
                    check(value >= 0 && value <= 255, "an invalid exit code: " + value);
                    yield new StepEnd.Exited(value);
                }
                case 1 -> {
                    check(value >= 1 && value <= 64, "an invalid signal: " + value);
                    yield new StepEnd.Signalled(value);
                }
                case 2 -> new StepEnd.OutOfMemory();
                case 3 -> new StepEnd.DiskFull(detail);
                case 4 -> new StepEnd.Refused(detail);
                case 5 -> new StepEnd.TooManyProcesses();
                case 6 -> new StepEnd.TimedOut();
                default -> throw new ProtocolException("a step's end of unknown kind " + kind);
            };
        }

        private GuestRecord finished() throws ProtocolException {
            long time = big("a time");
            int passed = bytes.get();
            check(passed == 0 || passed == 1, "a truth value that is neither 0 nor 1");
            int count = bytes.get() & 0xff;
            check(count <= MOST_PACKED, count + " packed drives");
            Map<String, Long> packed = new HashMap<>();
            for (int i = 0; i < count; i++) {
                String device = text(MOST_DEVICE_BYTES);
                check(packed.put(device, big("a length")) == null, "a drive is named twice");
            }
            return new GuestRecord.Finished(passed == 1, packed, time);
        }

        private int number(String what) throws ProtocolException {
            int value = bytes.getInt();
            check(value >= 0, what + " beyond all bounds");
            return value;
        }

        private long big(String what) throws ProtocolException {
            long value = bytes.getLong();
            check(value >= 0, what + " beyond all bounds");
            return value;
        }

        private String text(int most) throws ProtocolException {
            int length = bytes.getShort() & 0xffff;
            check(length <= most, "a text of %d bytes, at most %d".formatted(length, most));
            if (bytes.remaining() < length) {
                throw new BufferUnderflowException();
            }
            var text = new byte[length];
            bytes.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }
}
