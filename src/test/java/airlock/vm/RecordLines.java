package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Formats records as the lines of `records.case`.
final class RecordLines {
    private RecordLines() {}

    /// Reads until the end or the first bad record.
    static List<String> of(byte[] bytes, int steps) {
        var reader = new RecordReader(new ByteArrayInputStream(bytes), steps);
        List<String> lines = new ArrayList<>();
        try {
            var record = reader.next();
            for (; record.isPresent(); record = reader.next()) {
                lines.add(line(record.orElseThrow()));
            }
            lines.add("end");
        } catch (ProtocolException e) {
            lines.add("bad " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static String line(GuestRecord record) {
        return switch (record) {
            case GuestRecord.Ready(var version) -> "ready " + version;
            case GuestRecord.StepStarted(var step, var time) -> "started " + step + " " + time;
            case GuestRecord.Output(var step, var stream, var bytes, var time) ->
                    "output %d %d %d %s".formatted(step, time, stream, quote(bytes));
            case GuestRecord.StepEnded(var step, var end, var usage, var time) ->
                    "ended %d %d %s %d %d %d"
                            .formatted(
                                    step,
                                    time,
                                    end(end),
                                    usage.userMicroseconds(),
                                    usage.systemMicroseconds(),
                                    usage.peakKilobytes());
            case GuestRecord.Finished(var passed, var packed, var time) ->
                    "finished %d %s".formatted(time, passed ? "passed" : "failed")
                            + packed.entrySet().stream()
                                    .map(drive -> " " + drive.getKey() + "=" + drive.getValue())
                                    .sorted()
                                    .collect(Collectors.joining());
            case GuestRecord.Broke(var detail, var time) ->
                    "broke %d \"%s\"".formatted(time, detail);
        };
    }

    private static String end(StepEnd end) {
        return switch (end) {
            case StepEnd.Exited(var code) -> "exited " + code;
            case StepEnd.Signalled(var signal) -> "signalled " + signal;
            case StepEnd.OutOfMemory() -> "out-of-memory";
            case StepEnd.TooManyProcesses() -> "too-many-processes";
            case StepEnd.TimedOut() -> "timed-out";
            case StepEnd.DiskFull(var detail) -> "disk-full \"" + detail + "\"";
            case StepEnd.Refused(var detail) -> "refused \"" + detail + "\"";
        };
    }

    private static String quote(byte[] bytes) {
        if (bytes.length > 100 && bytes[0] == bytes[bytes.length - 1]) {
            return "\"%c\"*%d".formatted(bytes[0], bytes.length);
        }
        var text = new StringBuilder("\"");
        for (byte b : bytes) {
            int c = b & 0xff;
            switch (c) {
                case '"', '\\' -> text.append('\\').append((char) c);
                case '\n' -> text.append("\\n");
                case 0 -> text.append("\\0");
                default -> text.append(c < ' ' || c > '~' ? "\\x%02x".formatted(c) : "" + (char) c);
            }
        }
        return text.append('"').toString();
    }
}
