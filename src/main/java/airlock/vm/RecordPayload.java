package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.RecordReader.Reading;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Parses the payload of one record field by field, up to the first invalid one.
final class RecordPayload {
    private static final int MOST_DETAIL_BYTES = 512;
    private static final int MOST_PACKED = 16;

    private final ByteBuffer payload;

    private RecordPayload(byte[] payload) {
        this.payload = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    static Reading parse(int type, byte[] bytes) {
        var payload = new RecordPayload(bytes);
        try {
            var record = payload.record(type);
            check(!payload.payload.hasRemaining(), "a record of type " + type + " is too long");
            return new Reading.Read(record);
        } catch (BufferUnderflowException _) {
            return new Reading.Bad("a record of type " + type + " is too short");
        } catch (BadField e) {
            return new Reading.Bad(String.valueOf(e.getMessage()));
        }
    }

    private static final class BadField extends RuntimeException {
        private static final long serialVersionUID = 1;

        BadField(String reason) {
            super(reason);
        }
    }

    private GuestRecord record(int type) {
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
            default -> throw new BadField("a record of unknown type " + type);
        };
    }

    private GuestRecord output() {
        int step = number("a step");
        long time = big("a time");
        int stream = payload.get();
        check(
                stream >= 1 && stream <= GuestRecord.Output.TRACE,
                "output of a stream that is not 1, 2 or 3");
        var bytes = new byte[payload.remaining()];
        payload.get(bytes);
        check(
                bytes.length > 0 && bytes.length <= RecordReader.MOST_OUTPUT_BYTES,
                "output of " + bytes.length + " bytes");
        return new GuestRecord.Output(step, stream, bytes, time);
    }

    private GuestRecord ended() {
        int step = number("a step");
        long time = big("a time");
        int kind = payload.get() & 0xff;
        int value = payload.getInt();
        var usage =
                new GuestRecord.Usage(big("a CPU time"), big("a CPU time"), big("a resident set"));
        String detail = text(MOST_DETAIL_BYTES);
        return new GuestRecord.StepEnded(step, end(kind, value, detail), usage, time);
    }

    private StepEnd end(int kind, int value, String detail) {
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
            default -> throw new BadField("a step's end of unknown kind " + kind);
        };
    }

    private GuestRecord finished() {
        long time = big("a time");
        int passed = payload.get();
        check(passed == 0 || passed == 1, "a truth value that is neither 0 nor 1");
        int count = payload.get() & 0xff;
        check(count <= MOST_PACKED, count + " packed drives");
        Map<String, Long> packed = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String device = text(RecordReader.MOST_DEVICE_BYTES);
            check(packed.put(device, big("a length")) == null, "a drive is named twice");
        }
        return new GuestRecord.Finished(passed == 1, packed, time);
    }

    private int number(String what) {
        int value = payload.getInt();
        check(value >= 0, what + " beyond all bounds");
        return value;
    }

    private long big(String what) {
        long value = payload.getLong();
        check(value >= 0, what + " beyond all bounds");
        return value;
    }

    private String text(int most) {
        int length = payload.getShort() & 0xffff;
        check(length <= most, "a text of %d bytes, at most %d".formatted(length, most));
        var bytes = new byte[Math.min(length, payload.remaining())];
        payload.get(bytes);
        if (bytes.length < length) {
            throw new BufferUnderflowException();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void check(boolean fits, String otherwise) {
        if (!fits) {
            throw new BadField(otherwise);
        }
    }
}
