package airlock.uplink;

import airlock.uplink.Terminal.TerminalMessages;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The frames of a hostile guest on one connection: many lawful ones, so that it gets far, then
/// some that break the protocol. The same seed makes the same bytes.
final class HostileFrames {
    private static final Frame.Kind[] KINDS = Frame.Kind.values();
    private static final int MOST_FRAMES = 400;

    private final Random random;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Stream> streams = new ArrayList<>();
    private int highest = -1;
    private int frames;

    /// A stream that either side has opened.
    private static final class Stream {
        private final int number;
        private int left = UplinkStream.FIRST_WINDOW;
        private int windows;

        Stream(int number) {
            this.number = number;
        }
    }

    private HostileFrames(Random random) {
        this.random = random;
    }

    /// All bytes of a connection.
    ///
    /// @param frames their number; the last ones may come after the end of the uplink
    record Speech(byte[] bytes, int frames) {}

    /// @param terminal whether the host opens stream 2
    static Speech of(long seed, boolean terminal) {
        return new HostileFrames(new Random(seed)).speech(terminal);
    }

    private Speech speech(boolean terminal) {
        if (random.nextInt(50) > 0) {
            say(new Frame.Hello(Frame.VERSION));
        }
        if (terminal) {
            say(random.nextInt(8) > 0 ? new Frame.Opened(2) : new Frame.Refused(2, "no"));
            streams.add(new Stream(2));
        }
        while (frames < MOST_FRAMES && random.nextInt(150) > 0) {
            lawful();
        }
        int crimes = random.nextInt(4);
        for (int i = 0; i < crimes; i++) {
            unlawful();
        }
        return new Speech(bytes.toByteArray(), frames);
    }

    private void say(Frame frame) {
        bytes.writeBytes(FrameCodec.encode(frame));
        frames++;
    }

    private void lawful() {
        if (streams.isEmpty() || random.nextInt(8) == 0) {
            highest += 2 * (1 + random.nextInt(random.nextInt(20) == 0 ? 1000 : 1));
            say(new Frame.Open(highest, KINDS[random.nextInt(3)], text()));
            streams.add(new Stream(highest));
            return;
        }
        var stream = streams.get(random.nextInt(streams.size()));
        switch (random.nextInt(10)) {
            case 0 -> {
                say(new Frame.End(stream.number));
                streams.remove(stream);
            }
            case 1 -> {
                say(new Frame.Reset(stream.number));
                streams.remove(stream);
                say(new Frame.Reset(stream.number));
            }
            case 2, 3 -> {
                int more = 1 + random.nextInt(1 << random.nextInt(17));
                if (stream.windows + more < Frame.MOST_WINDOW - UplinkStream.WINDOW) {
                    stream.windows += more;
                    say(new Frame.Window(stream.number, more));
                }
            }
            default -> data(stream);
        }
    }

    private void data(Stream stream) {
        int most = random.nextInt(100) == 0 ? Frame.MOST_DATA : 60;
        byte[] piece = new byte[1 + random.nextInt(most)];
        random.nextBytes(piece);
        if (stream.number == 2 && piece.length > TerminalMessages.HEAD && random.nextInt(40) > 0) {
            piece[0] = 1; // output of a terminal
            piece[1] = (byte) (piece.length - TerminalMessages.HEAD);
            piece[2] = (byte) ((piece.length - TerminalMessages.HEAD) >> 8);
        }
        if (piece.length <= stream.left) {
            stream.left -= piece.length;
            say(new Frame.Data(stream.number, piece));
        }
    }

    private String text() {
        return "x".repeat(random.nextInt(20)) + ":443";
    }

    private void unlawful() {
        int number = random.nextInt(highest + 8);
        switch (random.nextInt(12)) {
            case 0 -> say(new Frame.Hello(random.nextInt(3)));
            case 1 -> say(new Frame.Open(number, KINDS[random.nextInt(KINDS.length)], text()));
            case 2 -> say(new Frame.Opened(number));
            case 3 -> say(new Frame.Refused(number, text()));
            case 4 -> {
                for (int i = 0; i < 12; i++) {
                    say(new Frame.Data(Math.max(number, 1), new byte[Frame.MOST_DATA]));
                }
            }
            case 5 -> say(new Frame.Window(number, Frame.MOST_WINDOW));
            case 6 -> say(new Frame.End(number));
            case 7 -> {
                say(new Frame.End(number));
                say(new Frame.Data(number, new byte[1]));
            }
            case 8 -> say(new Frame.Open(Integer.MAX_VALUE, Frame.Kind.CONNECT, text()));
            case 9 -> garbage();
            default -> mutant(number);
        }
    }

    private void garbage() {
        byte[] some = new byte[1 + random.nextInt(100)];
        random.nextBytes(some);
        bytes.writeBytes(some);
        frames++;
    }

    private void mutant(int number) {
        byte[] frame = FrameCodec.encode(new Frame.Open(number, KINDS[random.nextInt(3)], text()));
        for (int i = random.nextInt(3); i >= 0; i--) {
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        }
        bytes.write(frame, 0, random.nextInt(8) == 0 ? random.nextInt(frame.length) : frame.length);
        frames++;
    }
}
