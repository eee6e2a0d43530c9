package airlock.egress;

import airlock.config.HostName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;

/// The parts of a TLS client's hello that a filter needs (RFC 8446, 4.1.2; server name: RFC 6066,
/// 3; encrypted hello: draft-ietf-tls-esni).
///
/// @param server the server that the client names, if any
/// @param isEncrypted whether an encrypted part may hold the true name
record ClientHello(Optional<HostName> server, boolean isEncrypted) {
    /// The type of its handshake message.
    static final int TYPE = 1;

    private static final int VERSION_MAJOR = 3;
    private static final int RANDOM = 32;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int SERVER_NAME = 0;
    private static final int ENCRYPTED_HELLO = 0xfe0d;
    private static final int HOST_NAME = 0;

    sealed interface Reading {
        record Read(ClientHello hello) implements Reading {}

        record Malformed(String why) implements Reading {}
    }

    /// @param body of the handshake message, without its type and length
    static Reading read(ByteBuffer body) {
        var in = new HelloBytes(body);
        in.check(in.octet() == VERSION_MAJOR, "its hello is of no known version");
        in.octet();
        in.part(RANDOM);
        int sessionId = in.octet();
        in.check(sessionId <= LONGEST_SESSION_ID, "its hello has a session id that is too long");
        in.part(sessionId);
        int suites = in.number();
        in.check(suites > 0 && suites % 2 == 0, "its hello has no cipher suites");
        in.part(suites);
        int compressions = in.octet();
        in.check(compressions > 0, "its hello has no way of compression");
        in.part(compressions);
        var hello = new ClientHello(Optional.empty(), false);
        if (in.hasMore()) {
            HelloBytes extensions = in.part(in.number());
            in.check(!in.hasMore(), "its hello is longer than its extensions");
            hello = extended(extensions);
        }
        return in.problem().isEmpty()
                ? new Reading.Read(hello)
                : new Reading.Malformed(in.problem());
    }

    private static ClientHello extended(HelloBytes extensions) {
        Optional<HostName> server = Optional.empty();
        boolean isEncrypted = false;
        var seen = new HashSet<Integer>();
        while (extensions.hasMore()) {
            int kind = extensions.number();
            extensions.check(seen.add(kind), "its hello has an extension twice");
            HelloBytes extension = extensions.part(extensions.number());
            if (kind == SERVER_NAME) {
                server = serverName(extension);
            }
            isEncrypted |= kind == ENCRYPTED_HELLO;
        }
        return new ClientHello(server, isEncrypted);
    }

    /// The list must have one name: clients send no more, and servers differ in which they take.
    private static Optional<HostName> serverName(HelloBytes extension) {
        HelloBytes list = extension.part(extension.number());
        extension.check(!extension.hasMore(), "its server name is longer than it says");
        list.check(list.octet() == HOST_NAME, "its server name is no host name");
        HelloBytes name = list.part(list.number());
        list.check(!list.hasMore(), "it names more than one server");
        return switch (HostName.read(name.text())) {
            case HostName.Reading.Named(var host) -> Optional.of(host);
            case HostName.Reading.Refused(var why) -> {
                list.check(false, "its server name " + why);
                yield Optional.empty();
            }
        };
    }

    /// Reads the fields of a hello. After the first problem there is nothing more to read. Parts
    /// share the problem of the whole.
    static final class HelloBytes {
        private final ByteBuffer in;
        private final StringBuilder problem;

        HelloBytes(ByteBuffer in) {
            this(in.slice(), new StringBuilder());
        }

        private HelloBytes(ByteBuffer in, StringBuilder problem) {
            this.in = in;
            this.problem = problem;
        }

        String problem() {
            return problem.toString();
        }

        boolean hasMore() {
            return in.hasRemaining();
        }

        void check(boolean fits, String otherwise) {
            if (!fits && problem.isEmpty()) {
                problem.append(otherwise);
            }
            if (!fits) {
                in.position(in.limit());
            }
        }

        int octet() {
            return has(1) ? in.get() & 0xff : 0;
        }

        /// Two bytes, big-endian as all of TLS.
        int number() {
            return has(2) ? in.getShort() & 0xffff : 0;
        }

        /// Takes the next bytes.
        HelloBytes part(int length) {
            if (!has(length)) {
                return new HelloBytes(ByteBuffer.allocate(0), problem);
            }
            ByteBuffer part = in.slice(in.position(), length);
            in.position(in.position() + length);
            return new HelloBytes(part, problem);
        }

        /// The rest, one character per byte.
        String text() {
            byte[] rest = new byte[in.remaining()];
            in.get(rest);
            return new String(rest, StandardCharsets.ISO_8859_1);
        }

        private boolean has(int length) {
            check(in.remaining() >= length, "a length in its hello is wrong");
            return problem.isEmpty();
        }
    }
}
