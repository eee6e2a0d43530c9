package airlock.agent;

import java.util.List;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// Writes an agent's answers (RFC 9987), each with its length before it.
final class Answers {
    /// The first byte of each answer.
    static final int FAILURE = 5;

    static final int SUCCESS = 6;
    static final int IDENTITIES = 12;
    static final int SIGNATURE = 14;

    private Answers() {}

    static byte[] failure() {
        return answer(FAILURE, _ -> {});
    }

    static byte[] success() {
        return answer(SUCCESS, _ -> {});
    }

    static byte[] identities(List<SigningKey> keys) {
        return answer(
                IDENTITIES,
                out -> {
                    out.putUInt(keys.size());
                    for (var key : keys) {
                        out.putBytes(key.publicBlob());
                        out.putString(key.comment());
                    }
                });
    }

    /// @param signature with its algorithm before it
    static byte[] signature(byte[] signature) {
        return answer(SIGNATURE, out -> out.putBytes(signature));
    }

    private static byte[] answer(int kind, Consumer<Buffer> fields) {
        var message = new ByteArrayBuffer();
        message.putByte((byte) kind);
        fields.accept(message);
        var out = new ByteArrayBuffer();
        out.putBytes(message.getCompactData());
        return out.getCompactData();
    }
}
