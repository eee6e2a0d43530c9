package airlock.yaml;

/// A position in a text file.
///
/// @param line from 1
/// @param column in code points, from 1
public record Position(int line, int column) {
    public static final Position START = new Position(1, 1);

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
