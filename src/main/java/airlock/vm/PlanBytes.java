package airlock.vm;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the fields of `plan.bin`, little-endian, and checks their limits. The first field that
/// does not fit is the problem; nothing is written from then on.
final class PlanBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int most;
    private String problem = "";

    PlanBytes(int most) {
        this.most = most;
    }

    /// The first field's that does not fit; empty if all fit.
    String problem() {
        return problem;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    void check(boolean fits, String otherwise) {
        if (!fits && problem.isEmpty()) {
            problem = otherwise;
        }
    }

    void bytes(byte[] value) {
        check(value.length <= most - bytes.size(), "the plan is longer than " + most + " bytes");
        if (problem.isEmpty()) {
            bytes.writeBytes(value);
        }
    }

    void octet(int value) {
        bytes(new byte[] {(byte) value});
    }

    void flag(boolean value) {
        octet(value ? 1 : 0);
    }

    void number(int value) {
        bytes(
                new byte[] {
                    (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
                });
    }

    void size(long value) {
        number((int) value);
        number((int) (value >> 32));
    }

    void mode(int value) {
        check(value >= 0 && value <= 0777, "mode %o is not within 0 to 0777".formatted(value));
        number(value);
    }

    void content(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes(encoded);
    }

    void text(String what, String value, int mostBytes) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        check(value.indexOf('\0') < 0, what + " has a NUL character");
        check(
                encoded.length <= mostBytes,
                "%s has %d bytes, at most %d".formatted(what, encoded.length, mostBytes));
        number(encoded.length);
        bytes(encoded);
        octet(0);
    }

    void path(String value) {
        check(value.startsWith("/"), "a path is not absolute: '" + value + "'");
        text("a path", value, StepList.MOST_PATH_BYTES);
    }

    void texts(String what, List<String> values) {
        check(
                values.size() <= StepList.MOST_TEXTS,
                "%s too many: %d, at most %d".formatted(what, values.size(), StepList.MOST_TEXTS));
        number(values.size());
        for (String value : values) {
            text(what, value, StepList.MOST_TEXT_BYTES);
        }
    }
}
