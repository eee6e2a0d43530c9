package airlock.agent;

import java.util.List;

/// What an agent answers (RFC 9987), each with its length before it.
final class Answers {
    /// The first byte of each answer.
    static final int FAILURE = 5;

    static final int SUCCESS = 6;
    static final int IDENTITIES = 12;
    static final int SIGNATURE = 14;

    private Answers() {}

    static byte[] failure() {
        return whole(new SshOutput().octet(FAILURE));
    }

    static byte[] success() {
        return whole(new SshOutput().octet(SUCCESS));
    }

    static byte[] identities(List<KeyUse> keys) {
        var out = new SshOutput().octet(IDENTITIES).number(keys.size());
        keys.forEach(key -> out.string(key.blob()).text(key.key().signer().comment()));
        return whole(out);
    }

    /// @param signature with its algorithm before it
    static byte[] signature(byte[] signature) {
        return whole(new SshOutput().octet(SIGNATURE).string(signature));
    }

    private static byte[] whole(SshOutput message) {
        return new SshOutput().string(message.bytes()).bytes();
    }
}
