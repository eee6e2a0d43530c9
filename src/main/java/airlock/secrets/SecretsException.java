package airlock.secrets;

/// A secret could not be sealed, opened or stored.
public final class SecretsException extends RuntimeException {
    public SecretsException(String message) {
        super(message);
    }

    public SecretsException(String message, Throwable cause) {
        super(message, cause);
    }
}
