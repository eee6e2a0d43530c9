package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.image.Facts.Container;
import airlock.image.ImageImports.Pull;
import airlock.image.OciFixture.Layer;
import airlock.sandbox.Launcher;
import airlock.sandbox.Sandbox;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Container images out of a real registry, by the real skopeo in its box.
class OciPullTest extends ImportFixture {
    private final Launcher launcher = new Launcher();
    private OciFixture small = new OciFixture();

    @BeforeEach
    void box() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Registry.PROGRAM) && Files.exists(Path.of("/usr/bin/skopeo")),
                "no docker-registry or skopeo here: apt-get install docker-registry skopeo");
        small = made();
        box = new ToolSandbox(QemuSandbox.detect(), launcher, List.of())::start;
    }

    @AfterEach
    void close() {
        launcher.close();
    }

    private Registry registry(boolean closedToStrangers) throws Exception {
        return new Registry(
                Files.createDirectory(directory.resolve("registry")), closedToStrangers);
    }

    private Image pull(String reference) throws InterruptedException {
        return pull(reference, Optional.empty());
    }

    private Image pull(String reference, Optional<Path> credentials) throws InterruptedException {
        return imports()
                .pull(new Pull(reference, credentials, true), "taken", kernel, guest, heard::add);
    }

    private void refused(String reference, String why) throws IOException {
        refused(() -> pull(reference), why);
    }

    private static OciFixture made() throws IOException {
        return new OciFixture()
                .user("builder")
                .environment("A=b", "PATH=/opt/bin:/usr/bin", "no name", "X=1=2")
                .layer(new Layer().file("bin/sh", "#!sh").file("etc/a", "lower"))
                .layer(new Layer().file("etc/.wh.a", "").file("etc/b", "upper"));
    }

    @Test
    void whatANameMeansIsPinnedAndRecorded() throws Exception {
        try (var registry = registry(false)) {
            String digest = registry.push(small, "some/tools", "1.0");

            var image = pull(registry.host() + "/some/tools:1.0");

            var facts = image.facts();
            assertThat(facts.origin().text())
                    .startsWith(
                            "%1$s/some/tools:1.0, fetched as %1$s/some/tools@%2$s, the container"
                                    .formatted(registry.host(), digest));
            assertThat(facts.software().user() + " " + facts.software().shell())
                    .isEqualTo("builder /bin/sh");
            assertThat(facts.software().container())
                    .isEqualTo(
                            new Container(
                                    new TreeMap<>(
                                            Map.of(
                                                    "A", "b",
                                                    "PATH", "/opt/bin:/usr/bin",
                                                    "X", "1=2")),
                                    "/w"));
            assertThat(heard)
                    .anyMatch(line -> line.contains(digest))
                    .anyMatch(line -> line.startsWith("1 lines of the image's ENV"));
            var again = pull(registry.host() + "/some/tools@" + digest);
            assertThat(again.directory()).isEqualTo(image.directory());
        }
    }

    @Test
    void ofAnIndexTheOneForThisKindOfMachineIsTaken() throws Exception {
        try (var registry = registry(false)) {
            var all = new LinkedHashMap<String, OciFixture>();
            all.put("arm64", new OciFixture().layer(new Layer().file("arm", "")));
            all.put("amd64", small);
            registry.pushIndex(all, "many", "latest");

            var image = pull("docker://" + registry.host() + "/many");

            assertThat(image.facts().origin().text())
                    .contains("@sha256:" + OciFixture.sum(small.manifest()));
            registry.pushIndex(Map.of("arm64", all.get("arm64")), "many", "arm");
            assertThatThrownBy(() -> pull(registry.host() + "/many:arm"))
                    .hasMessageContaining("none for linux/amd64");
        }
    }

    @Test
    void credentialsComeFromAFileAndGoAtTheEnd() throws Exception {
        try (var registry = registry(true)) {
            registry.push(small, "private", "1");
            Path file = directory.resolve("auth.json");
            byte[] login = Registry.LOGIN.getBytes(StandardCharsets.UTF_8);
            Files.writeString(
                    file,
                    "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
                            .formatted(registry.host(), Base64.getEncoder().encodeToString(login)));

            refused(registry.host() + "/private:1", "cannot fetch the manifest of ");
            var image = pull(registry.host() + "/private:1", Optional.of(file));

            assertThat(image.facts().name()).isEqualTo("taken");
            assertThat(String.join("\n", heard)).doesNotContain("password");
        }
    }

    @Test
    void aRegistryThatLiesIsRefused() throws Exception {
        try (var registry = registry(false)) {
            String digest = registry.push(small, "lies", "1");
            Path layer = registry.stored("sha256:" + OciFixture.sum(small.blobs().getFirst()));
            byte[] good = Files.readAllBytes(layer);
            byte[] bad = good.clone();
            bad[bad.length / 2] ^= 1;
            Files.write(layer, bad);
            refused(registry.host() + "/lies:1", "cannot fetch");
            Files.write(layer, new byte[80 << 20]);
            refused(registry.host() + "/lies:1", "");
            Files.delete(layer);
            refused(registry.host() + "/lies:1", "cannot fetch");
            Files.write(layer, good);
            Files.writeString(registry.stored(digest), "{\"manifests\": []}");
            refused(registry.host() + "/lies@" + digest, "");
        }
    }

    /// Has a shell do what skopeo is asked to copy.
    ///
    /// @param script with the place and the names of the files
    private Sandbox copyingBy(Sandbox honest, String script) throws IOException {
        var names = small.blobs().stream().map(OciFixture::sum).toList();
        return (home, reads, command) -> {
            if (!command.contains("copy")) {
                return honest.start(home, reads, command);
            }
            String target = command.getLast().substring("dir:".length());
            String text = script.formatted(target, String.join(" ", names));
            return new ProcessBuilder("sh", "-c", text).start();
        };
    }

    /// Even if skopeo itself were taken over: its files are compared with the pinned digests.
    @Test
    void whatSkopeoSaysIsNotBelieved() throws Exception {
        try (var registry = registry(false)) {
            String digest = registry.push(small, "trust", "1");
            var honest = box;
            box = copyingBy(honest, "mkdir %1$s; for f in %2$s; do echo x >%1$s/$f; done");
            refused(registry.host() + "/trust:1", "digest mismatch in the container image");
            box = copyingBy(honest, "mkdir %1$s; cat /dev/zero >%1$s/endless # %2$s");
            refused(registry.host() + "/trust:1", "more than the");
            Path secret = Files.writeString(directory.resolve("secret"), "of the host");
            box =
                    copyingBy(
                            honest,
                            "mkdir %1$s; for f in %2$s; do ln -s " + secret + " %1$s/$f; done");
            refused(registry.host() + "/trust:1", "skopeo did not fetch");
            box =
                    (home, reads, command) ->
                            command.contains("copy")
                                    ? honest.start(home, reads, command)
                                    : new ProcessBuilder("echo", "{\"config\": 1}").start();
            refused(registry.host() + "/trust@" + digest, "digest mismatch: the registry answers");
        }
    }

    @Test
    void whatIsHostileInAnImageIsRefusedOutOfARegistryToo() throws Exception {
        try (var registry = registry(false)) {
            registry.push(new OciFixture().layer(new Layer().file("../x", "x")), "up", "1");
            refused(registry.host() + "/up:1", "an impossible file");
            var circle = new Layer().symlink("a", "b").symlink("b", "a").file("a/x", "x");
            registry.push(new OciFixture().layer(circle), "circle", "1");
            refused(registry.host() + "/circle:1", "an impossible file");
            Path outside = Files.createDirectory(directory.resolve("outside"));
            registry.push(
                    new OciFixture()
                            .layer(new Layer().symlink("out", outside.toString()))
                            .layer(new Layer().file("out/x", "x").file("out/.wh.y", "")),
                    "parents",
                    "1");
            pull(registry.host() + "/parents:1");
            assertThat(outside).isEmptyDirectory();
        }
    }

    @Test
    void aManifestThatSpeaksOfTooMuchIsRefusedBeforeAnythingIsFetched() throws Exception {
        try (var registry = registry(false)) {
            var big = new LinkedHashMap<>(OciFixture.descriptor("a/b", new byte[0]));
            big.put("size", 1L << 39);
            box =
                    (_, _, command) -> {
                        assertThat(command).doesNotContain("copy");
                        Path said =
                                Files.write(
                                        directory.resolve("manifest"),
                                        OciFixture.json(
                                                Map.of("config", big, "layers", List.of(big))));
                        return new ProcessBuilder("cat", said.toString()).start();
                    };
            refused(registry.host() + "/big", "more than");
            box = (_, _, _) -> new ProcessBuilder("cat", "/dev/zero").start();
            refused(registry.host() + "/endless", "longer than 4194304");
        }
    }

    @Test
    void onlyARegistryOfThisMachineMayDoWithoutTls() throws Exception {
        for (String reference :
                List.of("registry.example/a", "127.0.0.1.example/a", "localhost.example:80/a")) {
            refused(reference, "--insecure is for a registry on this machine");
        }
        for (String reference :
                List.of("alpine", "library/alpine", "--help/x", "h.example/", "h.example/a b")) {
            refused(reference, "names no container image with its registry");
        }
    }
}
