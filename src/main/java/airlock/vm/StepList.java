package airlock.vm;

import airlock.vm.VmSpec.VmLimits;
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

    private final PlanBytes out = new PlanBytes(MOST_BYTES);
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
        list.out.bytes(MAGIC);
        list.out.number(limits.processes());
        list.out.size(limits.memory());
        list.out.size(limits.scratch());
        list.out.number(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            list.out.check(
                    i == steps.size() - 1 || !(steps.get(i).what() instanceof GuestStep.Terminal),
                    "a terminal is not the last step");
            list.put(steps.get(i));
            var problem = list.out.problem();
            if (!problem.isEmpty()) {
                return new Encoding.Refused(i, problem);
            }
        }
        return new Encoding.Encoded(list.out.toByteArray());
    }

    private void put(Step step) {
        out.octet(kind(step.what()));
        out.octet(step.when().ordinal());
        out.number(milliseconds(step));
        fields(step.what());
    }

    private int milliseconds(Step step) {
        long limit = step.timeout().map(Duration::toMillis).orElse(0L);
        out.check(
                step.timeout().isEmpty() || (limit > 0 && limit <= MOST_MILLISECONDS),
                "a time limit is not within 1 ms to %,d ms".formatted(MOST_MILLISECONDS));
        out.check(
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
                out.path(make.path());
                out.mode(make.mode());
                out.flag(make.parents());
            }
            case GuestStep.WriteFile write -> {
                out.path(write.path());
                out.mode(write.mode());
                out.content(write.content());
                out.flag(write.overwrite());
            }
            case GuestStep.Link link -> {
                out.text("a link's target", link.target(), MOST_PATH_BYTES);
                out.path(link.path());
            }
            case GuestStep.Unpack unpack -> {
                out.path(unpack.device());
                out.path(unpack.directory());
                out.flag(unpack.linksStayInside());
            }
            case GuestStep.Pack pack -> {
                out.path(pack.directory());
                out.check(pack.device().startsWith("/"), "the name of a drive is not absolute");
                out.text("the name of a drive", pack.device(), RecordReader.MOST_DEVICE_BYTES);
                out.check(++packs <= MOST_PACKS, "more than " + MOST_PACKS + " drives to pack");
            }
            case GuestStep.Connect connect -> connect(connect);
            case GuestStep.Terminal terminal -> {
                environment(terminal.environment());
                out.flag(terminal.onlyAfterFailure());
            }
        }
    }

    private void connect(GuestStep.Connect connect) {
        out.check(
                connect.targets().size() <= MOST_TARGETS,
                "more than " + MOST_TARGETS + " places to connect to");
        out.texts("a place to connect to", connect.targets());
        out.check(connect.tokens().size() <= MOST_TARGETS, "more than " + MOST_TARGETS + " tokens");
        for (String token : connect.tokens()) {
            out.check(TOKEN.matcher(token).matches(), "'" + token + "' is not a token's name");
        }
        out.texts("a token", connect.tokens());
        out.flag(connect.proxy());
        out.flag(connect.agent());
    }

    private void environment(Map<String, String> environment) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            out.check(
                    !name.isEmpty() && name.indexOf('=') < 0,
                    "a variable's name is empty or has a =: '" + name + "'");
        }
        // sorted, so that the same steps give the same bytes
        out.texts(
                "a variable",
                new TreeMap<>(environment)
                        .entrySet().stream().map(v -> v.getKey() + "=" + v.getValue()).toList());
    }

    private void execute(GuestStep.Execute execute) {
        out.check(!execute.argv().isEmpty(), "no program");
        out.check(
                !execute.argv().isEmpty() && !execute.argv().getFirst().isEmpty(),
                "the program has no name");
        out.texts("an argument", execute.argv());
        environment(execute.environment());
        out.path(execute.directory());
        out.content(execute.stdin());
    }

    /// Writes the fields of `plan.bin`, little-endian, and checks their limits. The first field
    /// that does not fit is the problem; nothing is written from then on.
    static final class PlanBytes {
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
            check(
                    value.length <= most - bytes.size(),
                    "the plan is longer than " + most + " bytes");
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
            bytes(littleEndian(Integer.BYTES).putInt(value).array());
        }

        void size(long value) {
            bytes(littleEndian(Long.BYTES).putLong(value).array());
        }

        private static ByteBuffer littleEndian(int size) {
            return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
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
                    "%s too many: %d, at most %d"
                            .formatted(what, values.size(), StepList.MOST_TEXTS));
            number(values.size());
            for (String value : values) {
                text(what, value, StepList.MOST_TEXT_BYTES);
            }
        }
    }
}
