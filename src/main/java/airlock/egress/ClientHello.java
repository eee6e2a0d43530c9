package airlock.egress;

import airlock.config.HostName;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;

/// What a TLS client says in clear first (RFC 8446, 4.1.2; server name: RFC 6066, 3; encrypted
/// hello: draft-ietf-tls-esni), as far as a filter needs it.
///
/// @param server whom it wants to talk to; empty where it does not say
/// @param isEncrypted whether it says, or pretends for the sake of others, that the true name is
///     in an encrypted part
record ClientHello(Optional<HostName> server, boolean isEncrypted) {
    /// The kind of its handshake message.
    static final int TYPE = 1;

    private static final int VERSION_MAJOR = 3;
    private static final int RANDOM = 32;
    private static final int LONGEST_SESSION_ID = 32;
    private static final int SERVER_NAME = 0;
    private static final int ENCRYPTED_HELLO = 0xfe0d;
    private static final int HOST_NAME = 0;

    /// What bytes are.
    sealed interface Reading {
        /// Well-formed, as far as it was looked at.
        record Read(ClientHello hello) implements Reading {}

        /// No client hello that a server should answer.
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

    /// A list with one name: no client sends more, and servers differ in which they take.
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
}
