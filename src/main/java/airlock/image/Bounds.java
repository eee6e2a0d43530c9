package airlock.image;

/// What a container image may hold, all of its layers together.
final class Bounds {
    /// 64 GiB, read twice.
    static final long MOST_BYTES = 1L << 37;

    static final int MOST_ENTRIES = 1_000_000;

    private final long mostBytes;
    private final int mostEntries;
    private long bytes;
    private int entries;

    Bounds(long mostBytes, int mostEntries) {
        this.mostBytes = mostBytes;
        this.mostEntries = mostEntries;
    }

    static Bounds standard() {
        return new Bounds(MOST_BYTES, MOST_ENTRIES);
    }

    void bytes(long more) {
        bytes += more;
        if (bytes > mostBytes) {
            throw new ImageException(
                    "the container image unpacks to more than " + mostBytes + " bytes");
        }
    }

    void entry() {
        entries++;
        if (entries > mostEntries) {
            throw new ImageException("the container image has more than " + mostEntries + " files");
        }
    }
}
