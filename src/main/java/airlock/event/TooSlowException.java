package airlock.event;

/// A question of a reader took longer than readers may wait; asked again later, it may be answered.
public final class TooSlowException extends RuntimeException {
    public TooSlowException(String message) {
        super(message);
    }
}
