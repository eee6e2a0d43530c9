package airlock.agent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The bytes that a client wants signed to log in with an Ed25519 key (RFC 4252, 7; the method that
/// names the host's key: OpenSSH's PROTOCOL, 3.1).
///
/// @param user printable ASCII
/// @param hostKey empty if the method does not name it
record UserAuth(byte[] sessionId, String user, byte[] key, Optional<byte[]> hostKey) {
    /// A session id is a hash, of SHA-1 to SHA-512.
    private static final int SHORTEST_ID = 20;

    private static final int LONGEST_ID = 64;
    private static final int MOST = 16 << 10;
    private static final int USERAUTH_REQUEST = 50;
    private static final String METHOD = "publickey";
    private static final String HOST_BOUND_METHOD = "publickey-hostbound-v00@openssh.com";

    /// The data of a file's signature begins with it (OpenSSH's PROTOCOL.sshsig).
    private static final byte[] FILE = "SSHSIG".getBytes(StandardCharsets.US_ASCII);

    /// Empty for other bytes.
    static Optional<UserAuth> read(byte[] data) {
        if (data.length > MOST) {
            return Optional.empty();
        }
        var in = new SshBytes(data);
        byte[] sessionId = in.string();
        in.check(isSessionId(sessionId));
        in.check(in.octet() == USERAUTH_REQUEST);
        String user = in.text();
        in.check(in.text().equals("ssh-connection"));
        String method = in.text();
        boolean isHostBound = method.equals(HOST_BOUND_METHOD);
        in.check(isHostBound || method.equals(METHOD));
        in.check(in.truth());
        in.check(in.text().equals(HostKey.ED25519));
        byte[] key = in.string();
        Optional<byte[]> hostKey = isHostBound ? Optional.of(in.string()) : Optional.empty();
        return in.wasAll()
                ? Optional.of(new UserAuth(sessionId, user, key, hostKey))
                : Optional.empty();
    }

    static boolean isSessionId(byte[] bytes) {
        return bytes.length >= SHORTEST_ID && bytes.length <= LONGEST_ID;
    }

    /// What bytes that are no login may be, for people.
    static String guess(byte[] data) {
        if (data.length > MOST) {
            return "%,d bytes, too long for a login".formatted(data.length);
        }
        if (Arrays.equals(data, 0, Math.min(data.length, FILE.length), FILE, 0, FILE.length)) {
            return "the signature of a file or a commit";
        }
        return new SshBytes(data).text().endsWith("-cert-v01@openssh.com")
                ? "a certificate"
                : "not a login with this agent's kind of key";
    }
}
