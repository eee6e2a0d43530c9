package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.Programs;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.OciFixture;
import airlock.image.Proof;
import airlock.sandbox.Sandbox;
import airlock.vm.BootFiles;
import airlock.vm.CloudDisk;
import airlock.vm.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One projects file of Ambient's on the three kinds of images. With --long, since a container
/// image is made for it.
@Tag("vm")
@Tag("soak")
class SameArtifactsInVmTest {
    @TempDir Path directory;

    /// The images of a state directory by their names: of a recipe, of a disk with a boot loader,
    /// of a container.
    private List<String> images(Path images) throws Exception {
        Path recipe = Objects.requireNonNull(TestImage.boot().disk().getParent());
        Files.createDirectories(images);
        Programs.run("cp", "-al", recipe.toString(), images.toString());
        Image cloud = CloudDisk.image(images, BootFiles.Firmware.UEFI);
        Path root = directory.resolve("root.tar");
        Programs.run(
                "mmdebstrap", "--variant=essential", "--format=tar", "trixie", root.toString());
        var container = new OciFixture().raw(Files.readAllBytes(root));
        Path archive = OciFixture.archive(container.oci(), directory.resolve("image.tar"));
        var store = new ImageStore(images, InstantSource.system());
        Path guest = Path.of("target", "guest", "airlock-guest");
        new ImageImports(store, Sandbox.NONE)
                .file(
                        archive,
                        "container",
                        new Image(recipe),
                        guest,
                        Proof.NONE,
                        System.err::println);
        return List.of("debian-13", cloud.facts().name(), "container");
    }

    private byte[] artifacts(Path state, String image) throws Exception {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "airlock.Main", "run"));
        line.addAll(List.of("--state", state.toString(), "--image", image, "--force"));
        line.addAll(List.of("--projects", directory.resolve("projects.yaml").toString()));
        Programs.run(line.toArray(String[]::new));
        return Files.readAllBytes(state.resolve("projects/hello/artifacts.tar"));
    }

    @Test
    void onEachKindOfImageTheArtifactsAreTheSameBytes() throws Exception {
        Path state = Files.createDirectory(directory.resolve("state"));
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("text"), "of the source\n");
        Programs.run("git", "init", "-q", source.toString());
        Files.writeString(
                directory.resolve("projects.yaml"),
                """
                projects:
                  hello:
                    source: source
                    image: /nonexistent/disk.qcow2
                    plan:
                      - action: shell
                        shell: |
                          read -r line < text
                          mapfile -t there < <(compgen -G '*')
                          for i in {1..5000}; do echo "$i $line ${there[*]} $((i * i))"; done > /ci/artifacts/made
                          printf '%s\\n' "${BASH_VERSINFO[0]}" "$PWD" "$(umask)" > /ci/artifacts/facts
                          touch -d @1000000000 /ci/artifacts/made /ci/artifacts/facts
                """);
        var made = new TreeMap<String, byte[]>();

        for (String image : images(state.resolve("images"))) {
            made.put(image, artifacts(state, image));
        }

        byte[] first = Objects.requireNonNull(made.get("debian-13"));
        assertThat(first).hasSizeGreaterThan(100_000);
        assertThat(made).allSatisfy((_, bytes) -> assertThat(bytes).isEqualTo(first));
    }
}
