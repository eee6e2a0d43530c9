package airlock.image;

/// Limits the bytes and files of a container image, over all of its layers.
final class LayerBudget {
    static final long MOST_BYTES = 1L << 37; // 64 GiB, counted in the archive and in its layers
    static final int MOST_ENTRIES = 1_000_000;

    private final long mostBytes;
    private final int mostEntries;
    private long bytes;
    private int entries;

    LayerBudget(long mostBytes, int mostEntries) {
        this.mostBytes = mostBytes;
        this.mostEntries = mostEntries;
    }

    static LayerBudget standard() {
        return new LayerBudget(MOST_BYTES, MOST_ENTRIES);
    }

    void addBytes(long more) {
        bytes += more;
        if (bytes > mostBytes) {
            throw new ImageException(
                    "the container image unpacks to more than " + mostBytes + " bytes");
        }
    }

    void addEntry() {
        entries++;
        if (entries > mostEntries) {
            throw new ImageException("the container image has more than " + mostEntries + " files");
        }
    }
}
