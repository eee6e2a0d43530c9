package airlock.agent;

import java.util.List;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// What an agent answers (RFC 9987), each with its length before it.
final class Answers {
    /// The first byte of each answer.
    static final int FAILURE = 5;

    static final int SUCCESS = 6;
    static final int IDENTITIES = 12;
    static final int SIGNATURE = 14;

    private Answers() {}

    static byte[] failure() {
        return whole(answer(FAILURE));
    }

    static byte[] success() {
        return whole(answer(SUCCESS));
    }

    static byte[] identities(List<KeyUse> keys) {
        var out = answer(IDENTITIES);
        out.putUInt(keys.size());
        for (KeyUse key : keys) {
            out.putBytes(key.key().publicBlob());
            out.putString(key.key().comment());
        }
        return whole(out);
    }

    /// @param signature with its algorithm before it
    static byte[] signature(byte[] signature) {
        var out = answer(SIGNATURE);
        out.putBytes(signature);
        return whole(out);
    }

    private static Buffer answer(int kind) {
        var out = new ByteArrayBuffer();
        out.putByte((byte) kind);
        return out;
    }

    private static byte[] whole(Buffer message) {
        var out = new ByteArrayBuffer();
        out.putBytes(message.getCompactData());
        return out.getCompactData();
    }
}
