package airlock.uplink;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;

/// What one side of the uplink says to the other (docs/uplink.md). All but [Hello] belong to a
/// stream, by its number.
public sealed interface Frame {
    /// Of the protocol, as both sides say it first.
    int VERSION = 1;

    /// Most bytes of one piece of a stream.
    int MOST_DATA = 16 << 10;

    /// Most bytes of a target or a reason.
    int MOST_TEXT = 512;

    /// Most bytes that may be granted ahead for one direction of a stream.
    int MOST_WINDOW = 1 << 20;

    /// The first of each side.
    record Hello(int version) implements Frame {}

    /// A stream is wanted.
    ///
    /// @param target for the kind: `HOST:PORT` for one that connects; printable ASCII
    record Open(int stream, Kind kind, String target) implements Frame {}

    /// It is there; what each direction may send at first is part of the protocol.
    record Opened(int stream) implements Frame {}

    /// There will be none.
    ///
    /// @param why for people; printable ASCII
    record Refused(int stream, String why) implements Frame {}

    /// Bytes, at least one.
    record Data(int stream, byte[] bytes) implements Frame {
        /// How many, and what they begin with.
        @Override
        public String toString() {
            return "Data[stream=%d, %d bytes]".formatted(stream, bytes.length);
        }
    }

    /// So many bytes more may be sent, at least one.
    record Window(int stream, int bytes) implements Frame {}

    /// No data comes any more from this side; the other one may go on.
    record End(int stream) implements Frame {}

    /// The stream is over in both directions, and what is on its way is thrown away.
    record Reset(int stream) implements Frame {}

    /// What a stream is for.
    enum Kind {
        /// A connection to a host that is listed.
        CONNECT(1),
        /// Plain HTTP to a host for which the other side has a token.
        HTTP_TOKEN(2),
        /// The agent of ssh keys.
        AGENT(3),
        /// A person's terminal, which the host opens.
        PTY(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /// As it is sent.
        int number() {
            return number;
        }
    }

    /// The stream that it belongs to, 0 for none.
    default int number() {
        return switch (this) {
            case Hello _ -> 0;
            case Open open -> open.stream();
            case Opened opened -> opened.stream();
            case Refused refused -> refused.stream();
            case Data data -> data.stream();
            case Window window -> window.stream();
            case End end -> end.stream();
            case Reset reset -> reset.stream();
        };
    }

    /// A text as it is sent: what is not printable ASCII becomes a question mark, and what is too
    /// long is cut.
    static byte[] text(String text) {
        return SafeText.ascii(text, MOST_TEXT).getBytes(StandardCharsets.US_ASCII);
    }
}
