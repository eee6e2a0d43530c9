package airlock.vm;

import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Writes steps as the bytes of `plan.bin`, which the guest program reads (docs/guest-protocol.md).
public final class StepList {
    public static final int MOST_BYTES = 16 << 20;

    public static final int MOST_STEPS = 4096;

    /// Most texts in an argv or an environment.
    public static final int MOST_TEXTS = 4096;

    /// Most bytes of one argument or variable, a limit of Linux.
    public static final int MOST_TEXT_BYTES = 131_071;

    public static final int MOST_PATH_BYTES = 4095;

    public static final int MOST_PACKS = 16;

    /// Most hosts to connect to, and most tokens.
    public static final int MOST_TARGETS = 512;

    public static final long MOST_MILLISECONDS = (1L << 32) - 1;

    private static final byte[] MAGIC = {'A', 'L', 'P', 'L', 'A', 'N', 5, 0};
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{1,63}");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// The first field that does not fit; empty if all fit.
    private String problem = "";

    private int packs;

    private StepList() {}

    public sealed interface Encoding {
        /// The bytes of `plan.bin`.
        record Encoded(byte[] bytes) implements Encoding {
            /// The content of drive `vdb`: their number, then the bytes.
            public byte[] drive() {
                return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array();
            }
        }

        /// The guest would not take them.
        ///
        /// @param step index of the refused step, from 0; -1 for the list as a whole
        record Refused(int step, String reason) implements Encoding {}
    }

    /// Writes `steps`; the same steps give the same bytes.
    public static Encoding encode(List<Step> steps, GuestLimits limits) {
        if (steps.size() > MOST_STEPS) {
            return new Encoding.Refused(
                    -1, "%d steps, at most %d".formatted(steps.size(), MOST_STEPS));
        }
        var list = new StepList();
        list.bytes(MAGIC);
        list.number(limits.processes());
        list.size(limits.memory());
        list.size(limits.scratch());
        list.number(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            list.check(
                    i == steps.size() - 1 || !(steps.get(i).what() instanceof GuestStep.Terminal),
                    "a terminal is not the last step");
            list.put(steps.get(i));
            var problem = list.problem;
            if (!problem.isEmpty()) {
                return new Encoding.Refused(i, problem);
            }
        }
        return new Encoding.Encoded(list.bytes.toByteArray());
    }

    private void put(Step step) {
        octet(kind(step.what()));
        octet(condition(step.when()));
        number(milliseconds(step));
        fields(step.what());
    }

    private static int condition(Step.When when) {
        return switch (when) {
            case PASSED -> 0;
            case ALWAYS -> 1;
            case FAILED -> 2;
            case FOLLOWS -> 3;
            case SET_UP -> 4;
        };
    }

    private int milliseconds(Step step) {
        long limit = step.timeout().map(Duration::toMillis).orElse(0L);
        check(
                step.timeout().isEmpty() || (limit > 0 && limit <= MOST_MILLISECONDS),
                "a time limit is not within 1 ms to %,d ms".formatted(MOST_MILLISECONDS));
        check(
                limit == 0 || step.what() instanceof GuestStep.Execute,
                "a time limit of a step that is not a program");
        return (int) limit;
    }

    private static int kind(GuestStep step) {
        return switch (step) {
            case GuestStep.Execute _ -> 1;
            case GuestStep.MakeDirectory _ -> 2;
            case GuestStep.WriteFile _ -> 3;
            case GuestStep.Link _ -> 4;
            case GuestStep.Unpack _ -> 5;
            case GuestStep.Pack _ -> 6;
            case GuestStep.Connect _ -> 7;
            case GuestStep.Terminal _ -> 8;
        };
    }

    private void fields(GuestStep step) {
        switch (step) {
            case GuestStep.Execute execute -> execute(execute);
            case GuestStep.MakeDirectory make -> {
                path(make.path());
                mode(make.mode());
                flag(make.parents());
            }
            case GuestStep.WriteFile write -> {
                path(write.path());
                mode(write.mode());
                content(write.content());
                flag(write.overwrite());
            }
            case GuestStep.Link link -> {
                text("a link's target", link.target(), MOST_PATH_BYTES);
                path(link.path());
            }
            case GuestStep.Unpack unpack -> {
                path(unpack.device());
                path(unpack.directory());
                flag(unpack.linksStayInside());
            }
            case GuestStep.Pack pack -> {
                path(pack.directory());
                check(pack.device().startsWith("/"), "the name of a drive is not absolute");
                text("the name of a drive", pack.device(), RecordReader.MOST_DEVICE_BYTES);
                check(++packs <= MOST_PACKS, "more than " + MOST_PACKS + " drives to pack");
            }
            case GuestStep.Connect connect -> connect(connect);
            case GuestStep.Terminal terminal -> {
                environment(terminal.environment());
                flag(terminal.onlyAfterFailure());
            }
        }
    }

    private void connect(GuestStep.Connect connect) {
        check(
                connect.targets().size() <= MOST_TARGETS,
                "more than " + MOST_TARGETS + " places to connect to");
        texts("a place to connect to", connect.targets());
        check(connect.tokens().size() <= MOST_TARGETS, "more than " + MOST_TARGETS + " tokens");
        for (String token : connect.tokens()) {
            check(TOKEN.matcher(token).matches(), "'" + token + "' is not a token's name");
        }
        texts("a token", connect.tokens());
        flag(connect.proxy());
        flag(connect.agent());
    }

    private void environment(Map<String, String> environment) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            check(
                    !name.isEmpty() && name.indexOf('=') < 0,
                    "a variable's name is empty or has a =: '" + name + "'");
        }
        // sorted, so that the same steps give the same bytes
        texts(
                "a variable",
                new TreeMap<>(environment)
                        .entrySet().stream().map(v -> v.getKey() + "=" + v.getValue()).toList());
    }

    private void execute(GuestStep.Execute execute) {
        check(!execute.argv().isEmpty(), "no program");
        check(
                !execute.argv().isEmpty() && !execute.argv().getFirst().isEmpty(),
                "the program has no name");
        texts("an argument", execute.argv());
        environment(execute.environment());
        path(execute.directory());
        content(execute.stdin());
    }

    private void check(boolean fits, String otherwise) {
        if (!fits && problem.isEmpty()) {
            problem = otherwise;
        }
    }

    /// Nothing is written after the first field that does not fit.
    private void bytes(byte[] value) {
        check(
                value.length <= MOST_BYTES - bytes.size(),
                "the plan is longer than " + MOST_BYTES + " bytes");
        if (problem.isEmpty()) {
            bytes.writeBytes(value);
        }
    }

    private void octet(int value) {
        bytes(new byte[] {(byte) value});
    }

    private void flag(boolean value) {
        octet(value ? 1 : 0);
    }

    private void number(int value) {
        bytes(littleEndian(Integer.BYTES).putInt(value).array());
    }

    private void size(long value) {
        bytes(littleEndian(Long.BYTES).putLong(value).array());
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void mode(int value) {
        check(value >= 0 && value <= 0777, "mode %o is not within 0 to 0777".formatted(value));
        number(value);
    }

    private void content(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes(encoded);
    }

    private void text(String what, String value, int mostBytes) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        check(value.indexOf('\0') < 0, what + " has a NUL character");
        check(
                encoded.length <= mostBytes,
                "%s has %d bytes, at most %d".formatted(what, encoded.length, mostBytes));
        number(encoded.length);
        bytes(encoded);
        octet(0);
    }

    private void path(String value) {
        check(value.startsWith("/"), "a path is not absolute: '" + value + "'");
        text("a path", value, MOST_PATH_BYTES);
    }

    private void texts(String what, List<String> values) {
        check(
                values.size() <= MOST_TEXTS,
                "%s too many: %d, at most %d".formatted(what, values.size(), MOST_TEXTS));
        number(values.size());
        for (String value : values) {
            text(what, value, MOST_TEXT_BYTES);
        }
    }
}
