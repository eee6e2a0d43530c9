package airlock.machine;

/// The server can't be built or started; the message says what to do.
public final class AppException extends RuntimeException {
    public AppException(String message) {
        super(message);
    }
}
