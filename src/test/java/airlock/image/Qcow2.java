package airlock.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes the bytes of a small qcow2 disk (QEMU's docs/interop/qcow2.txt): four clusters of 64
/// KiB, with header, refcount table, one refcount block and the table of level 1.
final class Qcow2 {
    static final int VERSION = 4;
    static final int BACKING_OFFSET = 8;
    static final int BACKING_SIZE = 16;
    static final int CLUSTER_BITS = 20;
    static final int SIZE = 24;
    static final int ENCRYPTION = 32;
    static final int L1_ENTRIES = 36;
    static final int L1_OFFSET = 40;
    static final int REFCOUNTS_OFFSET = 48;
    static final int REFCOUNTS_CLUSTERS = 56;
    static final int SNAPSHOTS = 60;
    static final int INCOMPATIBLE = 72;
    static final int COMPATIBLE = 80;
    static final int AUTOCLEAR = 88;
    static final int HEADER_LENGTH = 100;

    private static final int CLUSTER = 1 << 16;
    private static final int REFCOUNT_ORDER = 96;
    private final ByteBuffer bytes = ByteBuffer.allocate(4 * CLUSTER);

    private Qcow2() {}

    static Qcow2 good() {
        return new Qcow2()
                .with(0, 0x514649fb)
                .with(VERSION, 3)
                .with(CLUSTER_BITS, 16)
                .with(SIZE, 16L << 20)
                .with(L1_ENTRIES, 1)
                .with(L1_OFFSET, 3L * CLUSTER)
                .with(REFCOUNTS_OFFSET, (long) CLUSTER)
                .with(REFCOUNTS_CLUSTERS, 1)
                .with(REFCOUNT_ORDER, 4)
                .with(HEADER_LENGTH, 104)
                .with(CLUSTER, 2L * CLUSTER)
                .counted();
    }

    private Qcow2 counted() {
        for (int cluster = 0; cluster < 4; cluster++) {
            bytes.putShort(2 * CLUSTER + 2 * cluster, (short) 1);
        }
        return this;
    }

    Qcow2 with(int at, int value) {
        bytes.putInt(at, value);
        return this;
    }

    Qcow2 with(int at, long value) {
        bytes.putLong(at, value);
        return this;
    }

    Qcow2 with(int at, byte[] value) {
        bytes.put(at, value);
        return this;
    }

    byte[] bytes() {
        return bytes.array().clone();
    }

    Path in(Path directory) throws IOException {
        return Files.write(directory.resolve("disk.qcow2"), bytes());
    }
}
