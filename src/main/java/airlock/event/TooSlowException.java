package airlock.event;

/// A reader's query took too long; it may succeed later.
public final class TooSlowException extends RuntimeException {
    public TooSlowException(String message) {
        super(message);
    }
}
