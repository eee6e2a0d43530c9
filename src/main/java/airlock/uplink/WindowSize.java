package airlock.uplink;

/// The size of a terminal, in characters. A size beyond the limits becomes the nearest within them.
///
/// @param columns 1 to 1,000
/// @param rows 1 to 1,000
public record WindowSize(int columns, int rows) {
    private static final int MOST = 1000;

    public WindowSize {
        columns = Math.clamp(columns, 1, MOST);
        rows = Math.clamp(rows, 1, MOST);
    }

    /// The target of its stream.
    String target() {
        return columns + "x" + rows;
    }
}
