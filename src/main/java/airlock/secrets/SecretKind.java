package airlock.secrets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The use of a stored secret.
public enum SecretKind {
    /// The host adds it to requests.
    TOKEN,
    /// A file on secrets drives.
    FILE,
    /// A file on secrets drives, for actions that name it.
    VARIABLE,
    /// A user certificate for the SSH key of the same name.
    CERTIFICATE;

    /// The word as it is stored and shown: `token`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads a [#key()].
    public static Optional<SecretKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }
}
