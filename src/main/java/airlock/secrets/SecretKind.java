package airlock.secrets;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a stored secret is.
public enum SecretKind {
    /// The host adds it to requests.
    TOKEN,
    /// It lies on secrets drives.
    FILE,
    /// It lies on secrets drives, for actions that name it.
    VARIABLE,
    /// A user certificate for the SSH key of the same name.
    CERTIFICATE;

    /// The word as it is stored and shown: `token`.
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads what [#key()] wrote; empty where it is none.
    public static Optional<SecretKind> of(String key) {
        return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }
}
