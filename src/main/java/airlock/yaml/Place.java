package airlock.yaml;

import airlock.text.SafeText;
import airlock.yaml.Problem.Severity;
import java.util.Collection;
import java.util.List;

/// Where in a file a value stands, and how to complain about it.
public final class Place {
    /// What a problem about a key that means nothing begins with.
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

    /// The value of a key below this place.
    public Place key(String name, Position position) {
        String shown = SafeText.line(name, LONGEST_KEY); // a path must not grow with hostile keys
        return new Place(problems, position, path.isEmpty() ? shown : path + "." + shown, strict);
    }

    /// An item of the list at this place.
    public Place item(int index, Position position) {
        return new Place(problems, position, path + "[" + index + "]", strict);
    }

    /// The same place, where unknown keys are warnings.
    public Place lenient() {
        return new Place(problems, at, path, false);
    }

    /// The same place with the value's own position.
    public Place at(Position position) {
        return new Place(problems, position, path, strict);
    }

    /// The file can't be used: `what` says everything.
    public void error(String what) {
        problems.add(Severity.ERROR, at, path, what, "", "");
    }

    /// The file can't be used: `what` is there, `expected` should be.
    public void error(String what, String expected) {
        problems.add(Severity.ERROR, at, path, what, expected, "");
    }

    /// The file can't be used: `word` is none of `known`.
    public void unknown(String what, String word, Collection<String> known) {
        unknown(what, word, known, List.of());
    }

    /// The same, where `others` are known words too, but not among those that are expected.
    public void unknown(
            String what, String word, Collection<String> known, Collection<String> others) {
        String nearest = Nearest.of(word, known).or(() -> Nearest.of(word, others)).orElse("");
        problems.add(Severity.ERROR, at, path, what, oneOf(known), nearest);
    }

    /// The file can be used, but probably does not mean what was meant.
    public void warning(String what) {
        problems.add(Severity.WARNING, at, path, what, "", "");
    }

    /// A key that means nothing here; the place is the key's.
    void unknownKey(String key, Collection<String> known) {
        problems.add(
                strict ? Severity.ERROR : Severity.WARNING,
                at,
                path,
                strict ? UNKNOWN_KEY : UNKNOWN_KEY + ", ignored",
                oneOf(known),
                problems.isFull() ? "" : Nearest.of(key, known).orElse(""));
    }

    /// How many errors there are in the file so far.
    int errors() {
        return problems.errors();
    }

    /// The last of the keys that lead here.
    public String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /// The keys that lead here.
    public String path() {
        return path;
    }

    private static String oneOf(Collection<String> known) {
        return known.isEmpty()
                ? "nothing here"
                : (known.size() == 1 ? "" : "one of ") + String.join(", ", known);
    }
}
