package airlock.event;

/// The id of a request: 20 random letters and digits, not guessable (T10).
public record RequestId(String text) {
    public RequestId {
        if (!RandomText.fits(text)) {
            throw new IllegalArgumentException(
                    "not a request id: '" + text + "' (20 of a-z and 2-7)");
        }
    }

    public static RequestId random() {
        return new RequestId(RandomText.next());
    }

    @Override
    public String toString() {
        return text;
    }
}
