package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.program.Ending;
import airlock.program.Program;
import airlock.yaml.Mutations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// H2: nothing of a disk image leads out of it.
class DiskCheckTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path directory;

    @Test
    void aPlainDiskIsTakenByUsAndByQemu() throws Exception {
        var disk = Qcow2.good().in(directory);

        assertThatCode(() -> DiskCheck.check(disk)).doesNotThrowAnyException();
        assertThat(qemuImg("check", "-f", "qcow2", disk.toString()).code())
                .as("the disk that the other tests spoil is a good one")
                .isZero();
    }

    @Test
    void whatQemuImgMakesIsTakenUnlessItLeadsElsewhere() throws Exception {
        var plain = made("plain", "-o", "compat=1.1");
        var zstd = made("zstd", "-o", "compression_type=zstd,extended_l2=on,lazy_refcounts=on");
        var backed = made("backed", "-F", "qcow2", "-b", plain.toString());
        var split = made("split", "-o", "data_file=" + directory.resolve("data"));
        var old = made("old", "-o", "compat=0.10");

        for (Path good : List.of(plain, zstd, old)) {
            assertThatCode(() -> DiskCheck.check(good)).doesNotThrowAnyException();
        }
        for (Path bad : List.of(backed, split)) {
            assertThatThrownBy(() -> DiskCheck.check(bad)).isInstanceOf(ImageException.class);
        }
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                Arguments.of("a backing file", with(Qcow2.BACKING_OFFSET, 512L)),
                Arguments.of("a backing file", with(Qcow2.BACKING_SIZE, 11)),
                Arguments.of("encrypted", with(Qcow2.ENCRYPTION, 2)),
                Arguments.of("snapshots", with(Qcow2.SNAPSHOTS, 1)),
                Arguments.of("damaged", with(Qcow2.INCOMPATIBLE, 1L)),
                Arguments.of("damaged", with(Qcow2.INCOMPATIBLE, 2L)),
                Arguments.of("a data file", with(Qcow2.INCOMPATIBLE, 4L)),
                Arguments.of("unknown features", with(Qcow2.INCOMPATIBLE, 1L << 5)),
                Arguments.of("unknown features", with(Qcow2.INCOMPATIBLE, Long.MIN_VALUE)),
                Arguments.of("unknown features", with(Qcow2.COMPATIBLE, 2L)),
                Arguments.of("bitmaps", with(Qcow2.AUTOCLEAR, 1L)),
                Arguments.of("clusters", with(Qcow2.CLUSTER_BITS, 8)),
                Arguments.of("clusters", with(Qcow2.CLUSTER_BITS, 22)),
                Arguments.of("clusters", with(Qcow2.CLUSTER_BITS, -1)),
                Arguments.of("holds 0 bytes", with(Qcow2.SIZE, 0L)),
                Arguments.of("holds -1 bytes", with(Qcow2.SIZE, -1L)),
                Arguments.of("holds", with(Qcow2.SIZE, Long.MAX_VALUE)),
                Arguments.of("a header of", with(Qcow2.HEADER_LENGTH, 72)),
                Arguments.of("a header of", with(Qcow2.HEADER_LENGTH, 105)),
                Arguments.of("a header of 4294967288", with(Qcow2.HEADER_LENGTH, -8)),
                Arguments.of("table", with(Qcow2.L1_ENTRIES, -1)),
                Arguments.of("table", with(Qcow2.L1_ENTRIES, 0)),
                Arguments.of("table", with(Qcow2.L1_OFFSET, 0L)),
                Arguments.of("table", with(Qcow2.L1_OFFSET, -65536L)),
                Arguments.of("table", with(Qcow2.L1_OFFSET, 4L << 16)),
                Arguments.of("table", with(Qcow2.L1_OFFSET, (3L << 16) + 8)),
                Arguments.of("table", with(Qcow2.REFCOUNTS_OFFSET, Long.MAX_VALUE & -65536L)),
                Arguments.of("table", with(Qcow2.REFCOUNTS_CLUSTERS, -1)),
                Arguments.of("not a qcow2 disk of version 2 or 3", with(Qcow2.VERSION, 1)),
                Arguments.of("not a qcow2 disk of version 2 or 3", with(Qcow2.VERSION, 4)),
                Arguments.of("not a qcow2 disk of version 2 or 3", with(0, 0x514649fc)));
    }

    @ParameterizedTest
    @MethodSource("spoilt")
    void aHeaderThatIsNotPlainIsRefusedWithTheReason(String reason, Qcow2 spoilt) throws Exception {
        var disk = spoilt.in(directory);

        assertThatThrownBy(() -> DiskCheck.check(disk))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining(disk.toString());
    }

    @Test
    void aDiskThatIsCutOffAnywhereBeforeTheEndOfItsTablesIsRefused() throws Exception {
        byte[] good = Qcow2.good().bytes();
        var disk = directory.resolve("disk.qcow2");
        for (int length : new int[] {0, 1, 4, 103, 104, 512, 65536, 131072, 196608, 196615}) {
            Files.write(disk, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> DiskCheck.check(disk))
                    .as("%d bytes", length)
                    .isInstanceOf(ImageException.class);
        }
    }

    @Test
    void aRawDiskIsRefusedAlsoWhereAGuestWroteAHeaderOntoItsFirstBlock() throws Exception {
        var disk = directory.resolve("disk.qcow2");
        Files.write(disk, new byte[1 << 20]);
        assertThatThrownBy(() -> DiskCheck.check(disk)).hasMessageContaining("qemu-img convert");

        byte[] raw = new byte[1 << 20];
        byte[] header =
                Qcow2.good()
                        .with(Qcow2.BACKING_OFFSET, 512L)
                        .with(Qcow2.BACKING_SIZE, 11)
                        .with(512, "/etc/shadow".getBytes(StandardCharsets.US_ASCII))
                        .bytes();
        System.arraycopy(header, 0, raw, 0, 1024);
        Files.write(disk, raw);
        assertThatThrownBy(() -> DiskCheck.check(disk)).hasMessageContaining("a backing file");
    }

    @Test
    void ofManySpoiltHeadersNoneThatIsTakenLeadsElsewhere() throws Exception {
        spoil(2_000);
    }

    @Tag("soak")
    @Test
    void ofTenThousandSpoiltHeadersNoneThatIsTakenLeadsElsewhere() throws Exception {
        spoil(10_000);
    }

    private void spoil(int mutations) throws Exception {
        var random = new Random(20);
        var good = Qcow2.good();
        byte[] whole = good.bytes();
        var disk = directory.resolve("disk.qcow2");
        int taken = 0;
        for (int i = 0; i < mutations; i++) {
            byte[] header = Mutations.of(Arrays.copyOf(whole, 112), random);
            byte[] spoilt = whole.clone();
            Arrays.fill(spoilt, 0, 112, (byte) 0);
            System.arraycopy(header, 0, spoilt, 0, header.length);
            Files.write(disk, spoilt);
            if (takes(disk)) {
                taken++;
                assertLeadsNowhere(ByteBuffer.wrap(spoilt));
                if (taken % 50 == 0) {
                    assertThat(qemuImg("info", "-f", "qcow2", disk.toString()).output())
                            .doesNotContain("backing file:", "data file:", "encrypted: yes");
                }
            }
        }
        assertThat(taken)
                .as("some are spoilt where it does not matter")
                .isBetween(mutations / 100, mutations * 9 / 10);
    }

    private static void assertLeadsNowhere(ByteBuffer header) {
        assertThat(header.getLong(Qcow2.BACKING_OFFSET)).isZero();
        assertThat(header.getInt(Qcow2.BACKING_SIZE)).isZero();
        assertThat(header.getInt(Qcow2.ENCRYPTION)).isZero();
        // version 2 has no such bits
        assertThat(
                        header.getInt(Qcow2.VERSION) == 2
                                ? 0
                                : header.getLong(Qcow2.INCOMPATIBLE) & ~0x18)
                .isZero();
    }

    private static boolean takes(Path disk) {
        try {
            DiskCheck.check(disk);
            return true;
        } catch (ImageException _) {
            return false;
        }
    }

    private static Qcow2 with(int at, int value) {
        return Qcow2.good().with(at, value);
    }

    private static Qcow2 with(int at, long value) {
        return Qcow2.good().with(at, value);
    }

    private Path made(String name, String... options) throws IOException, InterruptedException {
        var disk = directory.resolve(name + ".qcow2");
        var arguments =
                Stream.of(
                                Stream.of("create", "-q", "-f", "qcow2"),
                                Stream.of(options),
                                Stream.of(disk.toString(), "16M"))
                        .flatMap(words -> words)
                        .toArray(String[]::new);
        var result = qemuImg(arguments);
        assertThat(result.code()).as(result.output()).isZero();
        return disk;
    }

    private static Ending qemuImg(String... arguments) throws InterruptedException {
        var line = Stream.concat(Stream.of("qemu-img"), Stream.of(arguments)).toList();
        var result = Program.run(line, LIMIT);
        assumeThat(result.code())
                .as("qemu-img is not there: %s", result.output())
                .isNotEqualTo(127);
        return result;
    }
}
