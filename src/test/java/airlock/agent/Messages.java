package airlock.agent;

import java.util.Arrays;

/// Messages of an agent's clients, without the length before them.
final class Messages {
    static final String HOST_BOUND = "publickey-hostbound-v00@openssh.com";

    private Messages() {}

    static byte[] identities() {
        return new byte[] {Request.IDENTITIES};
    }

    static byte[] bind(TestHost host, byte[] session, boolean isForwarding) {
        return bind(host.blob(), session, host.sign(session), isForwarding);
    }

    static byte[] bind(byte[] host, byte[] session, byte[] signature, boolean isForwarding) {
        return new SshOutput()
                .octet(Request.EXTENSION)
                .text(Request.BIND)
                .string(host)
                .string(session)
                .string(signature)
                .octet(isForwarding ? 1 : 0)
                .bytes();
    }

    static byte[] sign(byte[] key, byte[] data) {
        return sign(key, data, 0);
    }

    static byte[] sign(byte[] key, byte[] data, int flags) {
        return new SshOutput().octet(Request.SIGN).string(key).string(data).number(flags).bytes();
    }

    /// The bytes that a client signs to log in, up to the key.
    private static SshOutput login(byte[] session, String user, String method, byte[] key) {
        return new SshOutput()
                .string(session)
                .octet(50)
                .text(user)
                .text("ssh-connection")
                .text(method)
                .octet(1)
                .text(HostKey.ED25519)
                .string(key);
    }

    static byte[] login(byte[] session, String user, byte[] key) {
        return login(session, user, "publickey", key).bytes();
    }

    /// By the method that names the host's key.
    static byte[] login(byte[] session, String user, byte[] key, byte[] host) {
        return login(session, user, HOST_BOUND, key).string(host).bytes();
    }

    static byte[] framed(byte[] message) {
        return new SshOutput().string(message).bytes();
    }

    static byte[] together(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
