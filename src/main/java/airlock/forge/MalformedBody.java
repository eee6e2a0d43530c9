package airlock.forge;

/// A body is not what the forge sends; caught where the body is read and turned into a value.
final class MalformedBody extends RuntimeException {
    MalformedBody(String why) {
        super(why);
    }
}
