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

    private static final class MalformedException extends RuntimeException {
        MalformedException(String why) {
            super(why);
        }
    }

    /// Why a client with this hello may not go on to `wanted`; empty if it may.
    ///
    /// @param body of the handshake message, without its type and length
    /// @param mayBeEncrypted whether the hello may have an encrypted part
    static Optional<String> refusal(ByteBuffer body, HostName wanted, boolean mayBeEncrypted) {
        try {
            var hello = read(body.slice());
            if (hello.server.isEmpty()) {
                return Optional.of("did not say which server it wants (SNI)");
            }
            HostName server = hello.server.get();
            if (!server.equals(wanted)) {
                return Optional.of("wants " + server + ", and was let through to " + wanted);
            }
            return hello.isEncrypted && !mayBeEncrypted
                    ? Optional.of("may hide which server it wants (encrypted hello)")
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.of("can't be understood: " + e.getMessage());
        }
    }

    private static ClientHello read(ByteBuffer in) {
        check(octet(in) == VERSION_MAJOR, "its hello is of no known version");
        octet(in);
        part(in, RANDOM);
        int sessionId = octet(in);
        check(sessionId <= LONGEST_SESSION_ID, "its hello has a session id that is too long");
        part(in, sessionId);
        int suites = number(in);
        check(suites > 0 && suites % 2 == 0, "its hello has no cipher suites");
        part(in, suites);
        int compressions = octet(in);
        check(compressions > 0, "its hello has no way of compression");
        part(in, compressions);
        ByteBuffer extensions = in.hasRemaining() ? part(in, number(in)) : in;
        check(!in.hasRemaining(), "its hello is longer than its extensions");
        return extended(extensions);
    }

    private static ClientHello extended(ByteBuffer extensions) {
        Optional<HostName> server = Optional.empty();
        boolean isEncrypted = false;
        var seen = new HashSet<Integer>();
        while (extensions.hasRemaining()) {
            int kind = number(extensions);
            check(seen.add(kind), "its hello has an extension twice");
            ByteBuffer extension = part(extensions, number(extensions));
            if (kind == SERVER_NAME) {
                server = Optional.of(serverName(extension));
            }
            isEncrypted |= kind == ENCRYPTED_HELLO;
        }
        return new ClientHello(server, isEncrypted);
    }

    /// The list must have one name: clients send no more, and servers differ in which they take.
    private static HostName serverName(ByteBuffer extension) {
        ByteBuffer list = part(extension, number(extension));
        check(!extension.hasRemaining(), "its server name is longer than it says");
        check(octet(list) == HOST_NAME, "its server name is no host name");
        ByteBuffer name = part(list, number(list));
        check(!list.hasRemaining(), "it names more than one server");
        return switch (HostName.read(StandardCharsets.ISO_8859_1.decode(name).toString())) {
            case HostName.Reading.Named(var host) -> host;
            case HostName.Reading.Refused(var why) ->
                    throw new MalformedException("its server name " + why);
        };
    }

    private static void check(boolean fits, String otherwise) {
        if (!fits) {
            throw new MalformedException(otherwise);
        }
    }

    private static int octet(ByteBuffer in) {
        return part(in, 1).get() & 0xff;
    }

    /// Two bytes, big-endian as all of TLS.
    private static int number(ByteBuffer in) {
        return part(in, 2).getShort() & 0xffff;
    }

    /// Takes the next bytes.
    private static ByteBuffer part(ByteBuffer in, int length) {
        check(in.remaining() >= length, "a length in its hello is wrong");
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }
}
