package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptUpgradeScriptTest {
    @TempDir Path directory;
    private FileServer server;
    private AptRepository repository;

    @BeforeEach
    void start() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        repository = AptRepository.make(served, directory.resolve("keys"));
        server = new FileServer(served);
        install("1.0");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        repository.end();
    }

    /// An image that has the package `tongue`.
    private void install(String version) throws Exception {
        Files.writeString(
                directory.resolve("status"),
                """
                Package: tongue
                Status: install ok installed
                Maintainer: A <a@example.org>
                Architecture: %s
                Version: %s
                Description: nothing

                """
                        .formatted(AptRepository.architecture(), version));
    }

    private Path folder() {
        return directory.resolve("debian");
    }

    private ScriptRun upgrade(String security) throws Exception {
        return ScriptRun.of(
                "apt_upgrade_download",
                List.of(
                        folder().toString(),
                        directory.resolve("status").toString(),
                        AptRepository.SUITE,
                        "http://127.0.0.1:" + server.port(),
                        security),
                repository.certificate(),
                Map.of());
    }

    private List<String> there() throws Exception {
        return ScriptRun.files(folder());
    }

    private long fetched() {
        return server.requests().stream().filter(path -> path.startsWith("/pool/")).count();
    }

    @Test
    void whatIsNewerThanTheImagesIsFetchedOnce() throws Exception {
        String name = "tongue_2.0_" + AptRepository.architecture() + ".deb";
        Files.createDirectories(folder());
        Files.writeString(folder().resolve(name.replace("2.0", "1.5")), "an older one");
        Files.writeString(folder().resolve("other.deb"), "of somebody else");

        assertThat(upgrade("").passed())
                .contains("no tiny-updates that could be used", "1 packages can be");
        assertThat(there()).containsExactly("other.deb", name);
        assertThat(upgrade("").code()).isZero();
        assertThat(fetched()).isEqualTo(1);
    }

    @Test
    void anImageThatHasTheNewestNeedsNothing() throws Exception {
        install("2.0");

        assertThat(upgrade("").passed()).endsWith("0 packages can be upgraded\n");
        assertThat(fetched()).isZero();
    }

    @Test
    void aMirrorOfSecurityUpdatesThatIsNoneIsAFailure() throws Exception {
        assertThat(upgrade("http://127.0.0.1:" + server.port() + "/security").failed())
                .contains("or tiny-security of http://127.0.0.1:", " can't be used");
    }

    @Test
    void aTamperedPackageIsRefused() throws Exception {
        Path file = repository.file("tongue");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(upgrade("").failed())
                .contains("Hash Sum mismatch", "not all packages could be fetched");
        assertThat(there()).isEmpty();
    }

    @Test
    void aSuiteThatSomebodyElseHasSignedIsRefused() throws Exception {
        ScriptRun.of(
                        "apt_upgrade_download",
                        List.of(
                                folder().toString(),
                                directory.resolve("status").toString(),
                                AptRepository.SUITE,
                                "http://127.0.0.1:" + server.port(),
                                ""))
                .failed();
    }
}
