package airlock.forge;

/// A body that the forge would not send. The readers of bodies catch it and return a value.
final class MalformedBodyException extends RuntimeException {
    MalformedBodyException(String why) {
        super(why);
    }
}
