package airlock.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Secret text: prints as `***`, compares in constant time.
public final class Secret {
    private final String text;

    public Secret(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.text = text;
    }

    /// The secret itself, for the one place that needs it.
    public String reveal() {
        return text;
    }

    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes(), that.bytes());
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
