package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.base.Hash;
import airlock.program.Program;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrivesTest {
    private static final long SLOT = 1L << 30;

    @TempDir Path directory;

    @Test
    void aSlotHasItsContentThenZerosAndTakesNoRoomForThem() throws Exception {
        var content = directory.resolve("content");
        Files.writeString(content, "hello");
        var slot = directory.resolve("vdc");

        Drives.filled(slot, SLOT, new DriveContent.Copy(content));

        assertThat(Files.size(slot)).isEqualTo(SLOT);
        try (var in = Files.newInputStream(slot)) {
            byte[] first = in.readNBytes(16);
            assertThat(new String(first, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("hello");
            assertThat(Arrays.copyOfRange(first, 5, 16)).containsOnly(0);
        }
        var blocks = Program.run(java.util.List.of("du", "-k", slot.toString()), LIMIT);
        assertThat(Integer.parseInt(blocks.output().split("\t", 2)[0])).isLessThan(64);
        assertThat(Files.getPosixFilePermissions(slot))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theOverlayIsMadeWithoutOpeningTheDiskItCovers() throws Exception {
        // only the size is valid; qemu-img would fail if it read anything else
        var hostile = new byte[4096];
        Arrays.fill(hostile, (byte) 0xff);
        java.nio.ByteBuffer.wrap(hostile).putLong(24, 8L << 30);
        var disk = Files.write(directory.resolve("disk.qcow2"), hostile);
        var overlay = directory.resolve("vda");

        Drives.overlay(overlay, disk);

        try (var in = Files.newInputStream(overlay)) {
            var header = java.nio.ByteBuffer.wrap(in.readNBytes(104));
            assertThat(header.getInt(0)).isEqualTo(0x514649fb);
            assertThat(header.getLong(24)).isEqualTo(8L << 30);
        }
        assertThat(Files.getPosixFilePermissions(overlay))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private static final java.time.Duration LIMIT = java.time.Duration.ofSeconds(20);

    private static void filled(Path slot, String text) throws IOException {
        Drives.filled(slot, 4096, new DriveContent.Bytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aSlotThatIsThereAlreadyIsNotTouched() throws Exception {
        var slot = directory.resolve("vdc");
        Files.writeString(slot, "somebody's");

        assertThatThrownBy(() -> Drives.empty(slot, SLOT))
                .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
    }

    @Test
    void whatIsTakenHasTheClaimedLengthAndItsHash() throws Exception {
        var slot = directory.resolve("vdd");
        filled(slot, "abcdef");

        var archive = Drives.take(slot, 3, directory.resolve("taken"));

        assertThat(Files.readString(archive.file())).isEqualTo("abc");
        // the well-known digest of "abc", FIPS 180-2
        assertThat(archive.sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void h3WhatIsHashedIsACopyThatNobodyElseCanWrite() throws Exception {
        var slot = directory.resolve("vdd");
        filled(slot, "before");
        Files.setPosixFilePermissions(slot, PosixFilePermissions.fromString("rw-rw-rw-"));

        var archive = Drives.take(slot, 6, directory.resolve("taken"));
        Files.writeString(slot, "after!");

        assertThat(Files.getPosixFilePermissions(archive.file()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.isSameFile(slot, archive.file())).isFalse();
        assertThat(Files.readString(archive.file())).isEqualTo("before");
        assertThat(Hash.sha256(archive.file())).isEqualTo(archive.sha256());
    }

    @Test
    void whatIsThereAlreadyIsNotTakenInto() throws Exception {
        var slot = directory.resolve("vdd");
        Drives.filled(slot, 4096, new DriveContent.Bytes(new byte[8]));
        var target = directory.resolve("taken");
        Files.writeString(target, "somebody's");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> Drives.take(slot, 8, target)).isInstanceOf(VmException.class);
        assertThat(Files.readString(target)).isEqualTo("somebody's");
    }

    @Test
    void aLinkInTheDrivesPlaceIsNotFollowed() throws Exception {
        var secret = directory.resolve("secret");
        Files.writeString(secret, "of the host");
        var slot = directory.resolve("vdd");
        Files.createSymbolicLink(slot, secret);

        assertThatThrownBy(() -> Drives.take(slot, 4, directory.resolve("taken")))
                .isInstanceOf(VmException.class);
    }

    @Test
    void moreThanThereIsCannotBeTaken() throws Exception {
        var slot = directory.resolve("vdd");
        Drives.empty(slot, 4096);

        assertThatThrownBy(() -> Drives.take(slot, 4097, directory.resolve("taken")))
                .isInstanceOf(VmException.class)
                .hasMessageContaining("4097");
    }

    @Test
    void slotsAreWholeBlocksAndAllAreThere() {
        assertThatThrownBy(() -> DriveSlots.standard().with(Drive.CACHE, 1000))
                .hasMessageContaining("vde");
        assertThat(DriveSlots.standard().with(Drive.CACHE, 4096).of(Drive.CACHE)).isEqualTo(4096);
        assertThat(Drive.ofDevice("/dev/vdg")).contains(Drive.SECRETS);
        assertThat(Drive.ofDevice("/dev/vda")).isEmpty();
    }
}
