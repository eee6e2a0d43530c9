package airlock.uplink;

import airlock.text.SafeText;
import java.nio.charset.StandardCharsets;

/// A message of one side of the uplink to the other (docs/uplink.md). All but [Hello] belong to a
/// stream.
public sealed interface Frame {
    /// The protocol's version, in the first frame of each side.
    int VERSION = 1;

    /// Most bytes of one piece of a stream.
    int MOST_DATA = 16 << 10;

    /// Most bytes of a target or a reason.
    int MOST_TEXT = 512;

    /// Most bytes that may be granted ahead for one direction of a stream.
    int MOST_WINDOW = 1 << 20;

    /// The first frame of each side.
    record Hello(int version) implements Frame {}

    /// Asks for a stream.
    ///
    /// @param target printable ASCII; `HOST:PORT` for a connection
    record Open(int stream, Kind kind, String target) implements Frame {}

    /// Accepts a stream. The first window of each direction is part of the protocol.
    record Opened(int stream) implements Frame {}

    /// Refuses a stream.
    ///
    /// @param why for people; printable ASCII
    record Refused(int stream, String why) implements Frame {}

    /// Bytes, at least one.
    record Data(int stream, byte[] bytes) implements Frame {}

    /// Grants that many more bytes, at least one.
    record Window(int stream, int bytes) implements Frame {}

    /// This side sends no more data; the other may go on.
    record End(int stream) implements Frame {}

    /// Ends both directions; bytes on their way are dropped.
    record Reset(int stream) implements Frame {}

    /// The use of a stream.
    enum Kind {
        /// A connection to a listed host.
        CONNECT(1),
        /// Plain HTTP to a host for which the host side has a token.
        HTTP_TOKEN(2),
        /// The SSH agent.
        AGENT(3),
        /// A person's terminal, which the host opens.
        PTY(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// The number of its stream, 0 for none.
    default int stream() {
        return 0;
    }

    /// A text on the wire: a question mark for each character that is not printable ASCII, and cut
    /// to [#MOST_TEXT].
    static byte[] text(String text) {
        return SafeText.ascii(text, MOST_TEXT).getBytes(StandardCharsets.US_ASCII);
    }
}
