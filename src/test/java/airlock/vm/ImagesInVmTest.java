package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.Programs;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.Proof;
import airlock.image.Recipe;
import airlock.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Images that are made for this test, from Debian's packages and from a disk.
@Tag("vm")
class ImagesInVmTest extends ImageFixture {
    private static final Recipe SMALL =
            Recipe.parse(
                    """
                    name small
                    suite trixie
                    disk 2G
                    package linux-image-cloud-amd64
                    package bash
                    module virtio_pci
                    module virtio_blk
                    module virtio_console
                    module virtio-rng
                    module ext4
                    run echo "it's $(id -u), $SOURCE_DATE_EPOCH" > /etc/made
                    run cd /root; test ! -e made; mkdir -p /srv/builder
                    """);

    private Image build(String store) throws InterruptedException {
        return new ImageStore(directory.resolve(store), InstantSource.system())
                .build(SMALL, GUEST, System.err::println);
    }

    private void says(String command, String expected) throws InterruptedException {
        forget();
        var end = end(spec(shell(command)));
        assertThat(end).as(output(2)).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo(expected);
    }

    @Test
    void twoBuildsGiveTheSameBytesAndTheirCommandsHaveRun() throws Exception {
        var one = build("one");
        var two = build("two");

        assertThat(two.facts().sha256()).isEqualTo(one.facts().sha256());
        assertThat(two.facts().hash()).isEqualTo(one.facts().hash());
        try (var files = Files.list(one.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "disk.qcow2", "vmlinuz", "initramfs.cpio", "facts.json");
        }
        assertThat(one.facts().software().installed())
                .containsKeys("bash", "linux-image-cloud-amd64", "tar");
        startsFrom(two);
        says("cat /etc/made; ls /srv", "it's 0, 1754697600\nbuilder\n");
        disk(one);
    }

    /// The same disk, raw, becomes another image, which boots with the first one's kernel.
    private void disk(Image image) throws Exception {
        Path raw = directory.resolve("disk.raw");
        String disk = image.boot().disk().toString();
        Programs.run("qemu-img", "convert", "-fqcow2", "-Oraw", disk, raw.toString());
        var store = new ImageStore(directory.resolve("one"), InstantSource.system());

        startsFrom(
                new ImageImports(store, Sandbox.NONE)
                        .file(raw, "imported", image, GUEST, Proof.NONE, System.err::println));

        says("cat /etc/made", "it's 0, 1754697600\n");
    }
}
