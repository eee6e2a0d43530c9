package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.Programs;
import airlock.image.ImageStore;
import airlock.vm.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock image shell` as a process with real QEMU, without a server.
@Tag("vm")
class ImageShellVmTest {
    @TempDir Path directory;
    private Path images = Path.of("");

    @BeforeEach
    void places() throws IOException {
        Path there = Objects.requireNonNull(TestImage.boot().disk().getParent());
        images = Files.createDirectories(directory.resolve("state/images"));
        Path own = Files.createDirectory(images.resolve(there.getFileName().toString()));
        try (var files = Files.list(there)) {
            for (Path file : files.toList()) {
                Files.copy(file, own.resolve(file.getFileName().toString()));
            }
        }
        Files.writeString(
                directory.resolve("airlock.yaml"),
                """
                base_url: https://ci.example.org
                state: %s
                images:
                  debian-13: {kept: debian-13}
                forges: {}
                repositories: []
                """
                        .formatted(directory.resolve("state")));
    }

    private ShellProcess.Ended shell(String place, String script, String... words)
            throws Exception {
        var line = new java.util.ArrayList<>(java.util.List.of("image", "shell"));
        line.addAll(java.util.List.of(words));
        line.addAll(java.util.List.of("--config", directory.resolve("airlock.yaml").toString()));
        try (var shell =
                ShellProcess.piped(directory.resolve(place), line.toArray(String[]::new))) {
            shell.type(script);
            shell.end();
            return shell.ended();
        }
    }

    @Test
    void whatAPersonMadeOfAnImageBecomesAnotherOne() throws Exception {
        var first =
                shell(
                        "first",
                        "echo as it is > /etc/kept\nrm /etc/debian_version\nexit 3\n",
                        "debian-13",
                        "--keep",
                        "mine");

        assertThat(first.code()).as(first.err()).isEqualTo(3);
        assertThat(first.err()).contains("kept as mine-");
        var store = new ImageStore(images, InstantSource.system());
        var facts = store.listing().named("mine").facts();
        assertThat(facts.origin().parent()).startsWith("debian-13-");
        assertThat(facts.origin().commands())
                .containsExactly("echo as it is > /etc/kept", "rm /etc/debian_version", "exit 3");
        assertThat(store.listing().named("mine").image().verify(_ -> {})).isEmpty();
        assertThat(debugfs("cat /etc/kept")).isEqualTo("as it is\n");
        assertThat(debugfs("ls -p /root")).doesNotContain(".bash_history");

        var second =
                shell(
                        "second",
                        "cat /etc/kept; ls /etc/debian_version; ip link; echo $((6 * 7))\n",
                        "mine");

        assertThat(second.out()).contains("as it is", "No such file", "42");
        assertThat(store.listing().all()).hasSize(2);
        var third = shell("third", "exit\n", "debian-13", "--keep", "mine");
        assertThat(third.code()).isNotZero();
        assertThat(third.err()).contains("there is an image mine already");
        assertThat(directory.resolve("state/image-shell/vms")).isEmptyDirectory();
    }

    private String debugfs(String request) {
        var image = new ImageStore(images, InstantSource.system()).listing().named("mine").image();
        Path raw = directory.resolve("look.raw");
        Programs.run(
                "qemu-img",
                "convert",
                "-f",
                "qcow2",
                "-O",
                "raw",
                image.boot().disk().toString(),
                raw.toString());
        return Programs.run("sh", "-c", "debugfs -R '" + request + "' " + raw + " 2>/dev/null");
    }
}
