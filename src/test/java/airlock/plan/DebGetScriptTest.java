package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    @BeforeEach
    void start() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/bin/apt-ftparchive"))
                        && Files.exists(Path.of("/usr/bin/gpg-agent")),
                "no apt-ftparchive or gpg: apt-get install apt-utils gpg gpg-agent");
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
                                "http://127.0.0.1:" + server.port(),
                                AptRepository.SUITE));
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
        try (var files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aPackageComesWithWhatItDependsOn() throws Exception {
        var run = get(repository.certificate(), "greeting");

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(there()).containsExactly("greeting.deb", "tongue.deb");
        assertThat(folder().resolve("greeting.deb"))
                .hasSameBinaryContentAs(repository.file("greeting"));
    }

    @Test
    void whatIsThereAndRightIsNotFetchedAgain() throws Exception {
        assertThat(get(repository.certificate(), "greeting").code()).isZero();
        repository.add("tongue", "2.1", "");
        Files.delete(repository.file("tongue_2.0"));
        repository.publish();

        var run = get(repository.certificate(), "greeting");

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(fetched()).containsExactly("greeting", "tongue", "tongue");
        assertThat(folder().resolve("tongue.deb"))
                .hasSameBinaryContentAs(repository.file("tongue_2.1"));
        assertThat(there()).containsExactly("greeting.deb", "tongue.deb");
    }

    @Test
    void aPackageThatTheSuiteDoesNotHaveIsNamed() throws Exception {
        for (String unknown : List.of("no-such", "greet.ng", "greetin+")) {
            var run = get(repository.certificate(), "greeting", unknown);

            assertThat(run.code()).isEqualTo(1);
            assertThat(run.output()).contains(unknown).contains("deb_get: ");
        }
        assertThat(there()).isEmpty();
    }

    @Test
    void aPackageThatIsNotWhatTheSuiteSaysIsRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(repository.file("tongue"));
        bytes[bytes.length - 20] ^= 1;
        Files.write(repository.file("tongue"), bytes);

        var run = get(repository.certificate(), "greeting");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.output()).contains("Hash Sum mismatch");
        assertThat(there()).isEmpty();
    }

    @Test
    void aSuiteThatNobodyHasSignedIsRefused() throws Exception {
        var byOthers = AptRepository.make(directory.resolve("served"), directory.resolve("others"));
        byOthers.end();

        assertThat(get(repository.certificate(), "greeting").output())
                .contains("deb_get: tiny of http://127.0.0.1:%d can't be used".formatted(port()));
        assertThat(get("", "greeting").code()).isEqualTo(1);
        Files.delete(directory.resolve("served/dists/tiny/InRelease"));
        assertThat(get(byOthers.certificate(), "greeting").code()).isEqualTo(1);
        byOthers.end();
        assertThat(there()).isEmpty();
        assertThat(fetched()).isEmpty();
    }

    private int port() {
        return server.port();
    }
}
