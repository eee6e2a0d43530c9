package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.base.Trees;
import airlock.image.ImageStore.Removal;
import airlock.image.LayerTar.LayerBudget;
import airlock.image.LayerTar.Zstd;
import airlock.image.OciFixture.Layer;
import airlock.image.OciReader.OciBlobs;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Container images, good and hostile; what came of them is read off the disk by debugfs(8).
class OciImportTest extends ImportFixture {
    /// The output of debugfs for the image's disk.
    private String debugfs(Image image, String request) throws Exception {
        Path raw = directory.resolve("look.raw");
        String disk = image.boot().disk().toString();
        run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", disk, raw.toString());
        return run("sh", "-c", "debugfs -R \"$0\" \"$1\" 2>debugfs.log", request, raw.toString());
    }

    @Test
    void layersLieOnEachOtherWithTheirWhiteouts() throws Exception {
        var image =
                take(
                        new OciFixture()
                                .user("builder")
                                .layer(base())
                                .layer(
                                        new Layer()
                                                .file("etc/.wh.a", "")
                                                .file("etc/b", "upper b")
                                                .file("opt/new", "new")
                                                .file("opt/.wh..wh..opq", "")
                                                .file("bin/tool", "through a link")));

        assertThat(debugfs(image, "cat /etc/b")).isEqualTo("upper b");
        assertThat(debugfs(image, "ls -p /etc")).doesNotContain("/a/", ".wh.");
        assertThat(debugfs(image, "ls -p /opt")).contains("/new/").doesNotContain("one", "deep");
        assertThat(debugfs(image, "cat /usr/bin/tool")).isEqualTo("through a link");
        assertThat(debugfs(image, "ls -p /"))
                .contains("/dev/", "/proc/", "/sys/", "/run/", "/ci/", "/tmp/");
        var facts = image.facts();
        assertThat(facts.software().user() + " " + facts.software().shell())
                .isEqualTo("builder /bin/bash");
        assertThat(facts.origin().text())
                .startsWith("the file image.tar, sha256 ")
                .contains("sha256:");
        assertThat(facts.origin().parent()).isEqualTo("debian-13-1");
        assertThat(heard).anyMatch(line -> line.contains("the image has no sh, tar, cat, git"));
    }

    @Test
    void anImageWithAJavaVirtualMachineIsEmulatedInTurn() throws Exception {
        var with = take(new OciFixture().layer(base()).layer(java()));
        assertThat(with.boot().emulation()).isEqualTo(Emulation.IN_TURN);
        assertThat(store.remove(store.listing().named("taken").name()))
                .isInstanceOf(Removal.Removed.class);

        var removed = new Layer().file("opt/java/lib/server/.wh.libjvm.so", "");
        var without = take(new OciFixture().layer(base()).layer(java()).layer(removed));
        assertThat(without.boot().emulation()).isEqualTo(Emulation.PARALLEL);
    }

    private static Layer java() throws IOException {
        return new Layer().file("opt/java/lib/server/libjvm.so", "machine code");
    }

    @Test
    void bothFormsAndADirectoryGiveTheSameDisk() throws Exception {
        var image = new OciFixture().layer(base()).layer(new Layer().file("c", "c"));

        var oci = take(image);
        var docker =
                file(
                        OciFixture.archive(image.docker(), directory.resolve("docker.tar")),
                        "docker",
                        Proof.NONE);
        var layout =
                file(
                        OciFixture.directory(image.oci(), directory.resolve("layout")),
                        "layout",
                        Proof.NONE);

        assertThat(docker.facts().sha256()).isEqualTo(oci.facts().sha256());
        assertThat(layout.facts().sha256()).isEqualTo(oci.facts().sha256());
    }

    @Test
    void hardLinksKeepTheirContentWhateverBecomesOfTheOtherName() throws Exception {
        var image =
                take(
                        new OciFixture()
                                .layer(
                                        new Layer()
                                                .file("a", "first")
                                                .link("b", "a")
                                                .link("c", "./a"))
                                .layer(new Layer().file("a", "second").file(".wh.c", "")));

        assertThat(debugfs(image, "cat /a")).isEqualTo("second");
        assertThat(debugfs(image, "cat /b")).isEqualTo("first");
        assertThat(debugfs(image, "ls -p /")).doesNotContain("/c/");
    }

    @Test
    void filesAndFoldersTakeEachOthersPlaces() throws Exception {
        var image =
                take(
                        new OciFixture()
                                .layer(new Layer().file("x/y", "1").file("z", "2"))
                                .layer(
                                        new Layer()
                                                .file("x", "a file")
                                                .folder("z")
                                                .file("z/q", "3")));

        assertThat(debugfs(image, "cat /x")).isEqualTo("a file");
        assertThat(debugfs(image, "cat /z/q")).isEqualTo("3");
    }

    @Test
    void oddNamesDevicesModesAndOwnersStay() throws Exception {
        var special = new TarArchiveEntry("null", TarConstants.LF_CHR);
        special.setDevMajor(1);
        special.setDevMinor(3);
        var owned = new TarArchiveEntry("owned");
        owned.setMode(0104755);
        owned.setUserId(1234);
        String far = "d".repeat(200) + "/" + "f".repeat(120);
        var image =
                take(
                        new OciFixture()
                                .layer(
                                        new Layer()
                                                .entry(special, "")
                                                .entry(owned, "x")
                                                .file("ünï © \t名", "odd")
                                                .file(far, "far")));

        assertThat(debugfs(image, "cat \"/ünï © \t名\"")).isEqualTo("odd");
        assertThat(debugfs(image, "cat /" + far)).isEqualTo("far");
        assertThat(debugfs(image, "stat /owned")).contains("User:  1234", "Mode:  04755");
        assertThat(debugfs(image, "stat /null")).contains("character special", "01:03");
    }

    @Test
    void capabilitiesOfFilesStayWhateverTheyAreCalled() throws Exception {
        byte[] value = HexFormat.of().parseHex("0100000280200000" + "0".repeat(24));
        String far = "d".repeat(120) + "ü";
        var image =
                take(
                        new OciFixture()
                                .raw(
                                        OciFixture.withCapability("ping", value),
                                        OciFixture.withCapability("ünï © 名", value),
                                        OciFixture.withCapability(far, value)));

        for (String name : List.of("/ping", "\"/ünï © 名\"", "/" + far)) {
            assertThat(debugfs(image, "ea_list " + name))
                    .contains("security.capability (20) = 01 00 00 02 80 20 00 00 00");
        }
    }

    @Test
    void whatIsNoCapabilityOfAFileIsRefused() throws Exception {
        for (String value : List.of("01", "01000002", "010000ff" + "0".repeat(32))) {
            var layer = OciFixture.withCapability("x", HexFormat.of().parseHex(value));
            refused(new OciFixture().raw(layer), "an impossible file: 'x'");
        }
        take(new OciFixture().raw(OciFixture.withCapability("x", new byte[0])));
    }

    @Test
    void otherAttributesAreLeftOutAndNamed() throws Exception {
        var file = new TarArchiveEntry("etc/labelled");
        file.addPaxHeader("SCHILY.xattr.user.a\nlabel", "x");
        take(new OciFixture().layer(base()).layer(new Layer().entry(file, "x")));

        assertThat(heard)
                .contains(
                        "left out extended attributes, which mke2fs(8) does not support: user.a label");
    }

    @Test
    void noNameLeadsOut() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        var image =
                take(
                        new OciFixture()
                                .layer(
                                        new Layer()
                                                .symlink("up", "../../../../.." + outside)
                                                .symlink("out", outside.toString())
                                                .file("/absolute", "a"))
                                .layer(
                                        new Layer()
                                                .file("up/one", "1")
                                                .file("out/two", "2")
                                                .file("out/.wh.three", "")));

        assertThat(outside).isEmptyDirectory();
        assertThat(debugfs(image, "cat " + outside + "/one")).isEqualTo("1");
        assertThat(debugfs(image, "cat " + outside + "/two")).isEqualTo("2");
        assertThat(debugfs(image, "cat /absolute")).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../../x", "a/..", "..", "/../x"})
    void aNameThatGoesUpIsRefused(String name) throws Exception {
        refused(new OciFixture().layer(new Layer().file(name, "x")), "an impossible file");
        refused(new OciFixture().layer(new Layer().link("x", name)), "an impossible file");
    }

    @Test
    void linksInACircleOrToNothingAreRefused() throws Exception {
        var circle = new Layer().symlink("a", "b").symlink("b", "a").file("a/x", "x");
        refused(new OciFixture().layer(circle), "an impossible file");
        refused(new OciFixture().layer(new Layer().link("a", "none")), "an impossible file");
        refused(
                new OciFixture().layer(new Layer().file("a", "").file("a/b", "")),
                "an impossible file");
    }

    @Test
    void anImageWhoseDigestsLieIsRefused() throws Exception {
        var good = new OciFixture().layer(base());
        var files = good.oci();
        for (String name : List.copyOf(files.keySet())) {
            if (name.startsWith("blobs/")) {
                byte[] before = files.get(name);
                files.put(name, OciFixture.packed("other".getBytes(StandardCharsets.UTF_8)));
                refused(OciFixture.archive(files, directory.resolve("lies.tar")), "image");
                files.put(name, before);
            }
        }
        var docker = good.docker();
        docker.put("layer0/layer.tar", new Layer().file("evil", "x").bytes());
        refused(OciFixture.archive(docker, directory.resolve("lies.tar")), "digest mismatch");
    }

    @Test
    void aBombIsNotUnpacked() throws Exception {
        byte[] zeros = new byte[8 << 20];
        var layer = new Layer().file("zeros", new String(zeros, StandardCharsets.UTF_8)).bytes();
        Path file = Files.write(directory.resolve("layer"), OciFixture.packed(layer));
        try (var tar = new LayerTar(file, "layer", new LayerBudget(1 << 20, 10), zstd())) {
            assertThatThrownBy(() -> tar.each((_, _) -> tar.sum()))
                    .hasMessageContaining("more than 1048576 bytes");
        }
        Path many = Files.write(directory.resolve("many"), base().bytes());
        try (var tar = new LayerTar(many, "layer", new LayerBudget(1 << 20, 3), zstd())) {
            assertThatThrownBy(() -> new RootTree().add(tar))
                    .hasMessageContaining("more than 3 files");
        }
    }

    /// An entry of GNU's for a long name, whose length is a lie or a load.
    @Test
    void aNameOfHundredMegabytesIsRefusedBeforeItIsRead() throws Exception {
        var name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        var layer = new Layer().entry(name, "n".repeat(100 << 20)).file("x", "").bytes();

        refused(new OciFixture().raw(layer), "headers that are too long");
    }

    @Test
    void whatIsNoContainerImageIsRefused() throws Exception {
        var files = new OciFixture().layer(base()).oci();
        files.remove("index.json");
        refused(OciFixture.archive(files, directory.resolve("x.tar")), "no container image");
        files.put("index.json", "{\"manifests\": [".getBytes(StandardCharsets.UTF_8));
        refused(OciFixture.archive(files, directory.resolve("x.tar")), "a damaged document");
        files.put("index.json", OciFixture.json(Map.of("manifests", List.of())));
        refused(OciFixture.archive(files, directory.resolve("x.tar")), "none for linux/amd64");
        files.put("index.json", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        refused(OciFixture.archive(files, directory.resolve("x.tar")), "a damaged document");
        refused(Files.createDirectory(directory.resolve("empty")), "no container image");
    }

    @Test
    void mutatedOnesAreTakenOrRefusedAndNothingElse() throws Exception {
        byte[] good =
                Files.readAllBytes(
                        OciFixture.archive(
                                new OciFixture().layer(base()).docker(),
                                directory.resolve("good.tar")));
        var random = new Random(39);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] bytes = FakeImages.mutated(good, random, 5);
            Path file = Files.write(directory.resolve("mutated.tar"), bytes);
            Path work = Files.createDirectory(directory.resolve("work" + round));
            try {
                read(file, work);
            } catch (ImageException | IOException _) {
                // the store makes the one of the other
                refused++;
            }
            Trees.remove(work);
        }
        assertThat(refused).isBetween(1, 400);
    }

    private static void read(Path file, Path work) throws Exception {
        var bounds = LayerBudget.standard();
        var zstd = new Zstd(Sandbox.NONE, work.resolve("zstd"));
        var blobs = OciBlobs.of(file, work, bounds, zstd);
        for (var layer : new OciReader(blobs).read().layers()) {
            try (var tar = new LayerTar(blobs.file(layer.file()), "layer", bounds, zstd)) {
                new RootTree().add(tar);
            }
        }
    }
}
