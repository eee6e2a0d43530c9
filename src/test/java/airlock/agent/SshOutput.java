package airlock.agent;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes the data types of SSH (RFC 4251, 5).
final class SshOutput {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    SshOutput octet(int value) {
        out.write(value);
        return this;
    }

    /// A uint32.
    SshOutput number(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
        return this;
    }

    SshOutput string(byte[] bytes) {
        number(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    SshOutput text(String ascii) {
        return string(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
