package airlock.yaml;

import airlock.text.SafeText;
import airlock.yaml.Problem.Severity;
import java.util.Collection;
import java.util.List;

/// A place in a file, and how to report problems there.
public final class Place {
    /// The first words of a problem about an unknown key.
    public static final String UNKNOWN_KEY = "unknown key";

    private static final int LONGEST_KEY = 80;

    private final Problems problems;
    private final Position at;
    private final String path;
    private final boolean strict;

    Place(Problems problems, Position at, String path, boolean strict) {
        this.problems = problems;
        this.at = at;
        this.path = path;
        this.strict = strict;
    }

    public Place key(String name, Position position) {
        String shown = SafeText.line(name, LONGEST_KEY); // a path must not grow with hostile keys
        return new Place(problems, position, path.isEmpty() ? shown : path + "." + shown, strict);
    }

    public Place item(int index, Position position) {
        return new Place(problems, position, path + "[" + index + "]", strict);
    }

    /// This place, where unknown keys are only warnings.
    public Place lenient() {
        return new Place(problems, at, path, false);
    }

    /// This place, moved to the value's own position.
    public Place at(Position position) {
        return new Place(problems, position, path, strict);
    }

    public void error(String what) {
        problems.add(Severity.ERROR, at, path, what, "", "");
    }

    public void error(String what, String expected) {
        problems.add(Severity.ERROR, at, path, what, expected, "");
    }

    /// Reports that `word` is not one of `known`.
    public void unknown(String what, String word, Collection<String> known) {
        unknown(what, word, known, List.of());
    }

    /// Reports the same; a suggestion may also come from `others`, which are valid elsewhere.
    public void unknown(
            String what, String word, Collection<String> known, Collection<String> others) {
        String nearest = Nearest.of(word, known).or(() -> Nearest.of(word, others)).orElse("");
        problems.add(Severity.ERROR, at, path, what, oneOf(known), nearest);
    }

    public void warning(String what) {
        problems.add(Severity.WARNING, at, path, what, "", "");
    }

    void unknownKey(String key, Collection<String> known) {
        problems.add(
                strict ? Severity.ERROR : Severity.WARNING,
                at,
                path,
                strict ? UNKNOWN_KEY : UNKNOWN_KEY + ", ignored",
                oneOf(known),
                problems.isFull() ? "" : Nearest.of(key, known).orElse(""));
    }

    int errors() {
        return problems.errors();
    }

    /// The last key of the path.
    public String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /// The keys from the top of the file, such as `repositories[0].url`.
    public String path() {
        return path;
    }

    private static String oneOf(Collection<String> known) {
        return known.isEmpty()
                ? "nothing here"
                : (known.size() == 1 ? "" : "one of ") + String.join(", ", known);
    }
}
