package airlock.event;

/// The id of a run: 20 random letters and digits, not guessable (T10).
public record RunId(String text) {
    public RunId {
        if (!RandomText.fits(text)) {
            throw new IllegalArgumentException("not a run id: '" + text + "' (20 of a-z and 2-7)");
        }
    }

    public static RunId random() {
        return new RunId(RandomText.next());
    }

    @Override
    public String toString() {
        return text;
    }
}
