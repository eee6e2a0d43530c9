package airlock.forge;

/// A body is not what the forge sends; caught where the body is read and turned into a value.
final class MalformedBodyException extends RuntimeException {
    MalformedBodyException(String why) {
        super(why);
    }
}
