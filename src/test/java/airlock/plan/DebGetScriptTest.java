package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebGetScriptTest {
    @TempDir Path directory;
    private FileServer server;
    private AptRepository repository;
    private String security = "";

    @BeforeEach
    void start() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        repository = AptRepository.make(served, directory.resolve("keys"));
        server = new FileServer(served);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        repository.end();
    }

    private Path folder() {
        return directory.resolve("debian");
    }

    private ScriptRun get(String certificate, String... packages) throws Exception {
        var arguments =
                new ArrayList<>(
                        List.of(
                                folder().toString(),
                                directory.resolve("dpkg/status").toString(),
                                AptRepository.SUITE,
                                "http://127.0.0.1:" + server.port(),
                                security));
        arguments.addAll(List.of(packages));
        return ScriptRun.of("deb_get", arguments, certificate, Map.of());
    }

    private List<String> fetched() {
        return server.requests().stream()
                .filter(path -> path.startsWith("/pool/"))
                .map(path -> path.replaceAll("/pool/|_.*", ""))
                .sorted()
                .toList();
    }

    private List<String> there() throws Exception {
        return ScriptRun.files(folder());
    }

    @Test
    void aPackageComesWithWhatItDependsOn() throws Exception {
        get(repository.certificate(), "greeting").passed();
        assertThat(there()).containsExactly("greeting.deb", "tongue.deb");
        assertThat(folder().resolve("greeting.deb"))
                .hasSameBinaryContentAs(repository.file("greeting"));
    }

    private void installed(String... packages) throws Exception {
        var status = new StringBuilder();
        for (String each : packages) {
            String[] parts = each.split("=", -1);
            status.append(
                    "Package: %s\nStatus: install ok installed\nVersion: %s\nArchitecture: %s\n\n"
                            .formatted(parts[0], parts[1], AptRepository.architecture()));
        }
        Path folder = Files.createDirectories(directory.resolve("dpkg"));
        Files.writeString(folder.resolve("status"), status);
    }

    @Test
    void whatTheImageHasInThisVersionOrANewerOneIsNotFetched() throws Exception {
        installed("tongue=2.0+deb13u1");

        get(repository.certificate(), "greeting").passed();
        assertThat(there()).containsExactly("greeting.deb");
        assertThat(fetched()).containsExactly("greeting");

        assertThat(get(repository.certificate(), "greeting", "tongue").passed())
                .contains("deb_get: the image has tongue 2.0+deb13u1");
        assertThat(there()).containsExactly("greeting.deb");
    }

    @Test
    void whatTheImageHasInAnOlderVersionThanIsNeededIsFetched() throws Exception {
        installed("tongue=1.9", "other=1");

        get(repository.certificate(), "greeting").passed();
        assertThat(there()).containsExactly("greeting.deb", "tongue.deb");
    }

    @Test
    void whatAnEarlierRunLeftAndTheImageHasNewerByNowGoes() throws Exception {
        assertThat(get(repository.certificate(), "greeting").code()).isZero();
        assertThat(there()).contains("tongue.deb");
        installed("tongue=2.1");

        get(repository.certificate(), "greeting").passed();
        assertThat(there()).containsExactly("greeting.deb");
    }

    @Test
    void versionsOfTheSecurityMirrorGoWithWhatTheImageHasOfIt() throws Exception {
        repository.add("tongue-dev", "2.0", "Depends: tongue (= 2.0)\n");
        repository.publish();
        installed("tongue=2.0+deb13u1");
        assertThat(get(repository.certificate(), "tongue-dev").failed())
                .contains("`mirrors.debian_security` in the configuration");

        Path updates = directory.resolve("served/updates");
        Files.createDirectories(updates);
        var newer = repository.at(updates, AptRepository.SUITE + "-security");
        newer.add("tongue", "2.0+deb13u1", "");
        newer.add("tongue-dev", "2.0+deb13u1", "Depends: tongue (= 2.0+deb13u1)\n");
        newer.publish();
        security = "http://127.0.0.1:" + server.port() + "/updates";
        get(repository.certificate(), "tongue-dev").passed();
        assertThat(there()).containsExactly("tongue-dev.deb");
        assertThat(folder().resolve("tongue-dev.deb"))
                .hasSameBinaryContentAs(newer.file("tongue-dev"));
    }

    @Test
    void whatIsThereAndRightIsNotFetchedAgain() throws Exception {
        assertThat(get(repository.certificate(), "greeting").code()).isZero();
        repository.add("tongue", "2.1", "");
        Files.delete(repository.file("tongue_2.0"));
        repository.publish();

        get(repository.certificate(), "greeting").passed();
        assertThat(fetched()).containsExactly("greeting", "tongue", "tongue");
        assertThat(folder().resolve("tongue.deb"))
                .hasSameBinaryContentAs(repository.file("tongue_2.1"));
        assertThat(there()).containsExactly("greeting.deb", "tongue.deb");
    }

    @Test
    void aPackageThatTheSuiteDoesNotHaveIsNamed() throws Exception {
        for (String unknown : List.of("no-such", "greet.ng", "greetin+")) {
            assertThat(get(repository.certificate(), "greeting", unknown).failed())
                    .contains(unknown)
                    .contains("deb_get: ");
        }
        assertThat(there()).isEmpty();
    }

    @Test
    void aPackageThatIsNotWhatTheSuiteSaysIsRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(repository.file("tongue"));
        bytes[bytes.length - 20] ^= 1;
        Files.write(repository.file("tongue"), bytes);

        assertThat(get(repository.certificate(), "greeting").failed())
                .contains("Hash Sum mismatch");
        assertThat(there()).isEmpty();
    }

    @Test
    void aSuiteThatNobodyHasSignedIsRefused() throws Exception {
        var byOthers = AptRepository.make(directory.resolve("served"), directory.resolve("others"));
        byOthers.end();

        assertThat(get(repository.certificate(), "greeting").output())
                .contains("deb_get: tiny of http://127.0.0.1:%d can't be used".formatted(port()));
        get("", "greeting").failed();
        Files.delete(directory.resolve("served/dists/tiny/InRelease"));
        get(byOthers.certificate(), "greeting").failed();
        byOthers.end();
        assertThat(there()).isEmpty();
        assertThat(fetched()).isEmpty();
    }

    private int port() {
        return server.port();
    }
}
