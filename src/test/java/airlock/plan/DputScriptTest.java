package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.config.DputTarget;
import airlock.config.HostName;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DputScriptTest {
    @TempDir Path directory;

    @BeforeEach
    void look() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dput")), "no dput: apt-get install dput");
    }

    private Path folder(String name) throws Exception {
        return Files.createDirectories(directory.resolve(name));
    }

    private void makePackage(Path folder) throws Exception {
        var process =
                new ProcessBuilder("bash", "-euc", DebianUpload.SCRIPT)
                        .directory(folder.toFile())
                        .inheritIO()
                        .start();
        assertThat(process.waitFor()).isZero();
    }

    private ScriptRun dput(String file, Map<String, String> more, Path... folders)
            throws Exception {
        var arguments = new ArrayList<>(List.of(directory.resolve("dput.cf").toString(), "ours"));
        for (Path folder : folders) {
            arguments.add(folder.toString());
        }
        return ScriptRun.of("dput", arguments, file, more);
    }

    /// A target of dput's own kind that is a directory.
    private String local() throws Exception {
        return "[ours]\nfqdn = localhost\nmethod = local\nincoming = %s\nallow_unsigned_uploads = 1\n"
                .formatted(folder("incoming"));
    }

    private List<String> uploaded() throws Exception {
        return ScriptRun.files(folder("incoming"));
    }

    private static Optional<HttpsServer> bound() throws IOException {
        try {
            return Optional.of(UploadServer.bind());
        } catch (SocketException e) {
            return Optional.empty();
        }
    }

    @Test
    void thePackageGoesToAServerByHttps() throws Exception {
        makePackage(folder("artifacts"));
        var bound = bound();
        assumeTrue(bound.isPresent(), "this user can't listen at port 443, or somebody does");
        try (var server = UploadServer.start(bound.orElseThrow(), directory)) {
            var target =
                    new DputTarget(
                            "ours",
                            Optional.of(
                                    new DputTarget.Server(
                                            "ours",
                                            new HostName("localhost"),
                                            DputTarget.Method.HTTPS,
                                            Optional.empty(),
                                            "/incoming",
                                            "*",
                                            true)));

            dput(
                            DputFile.of(target).orElseThrow(),
                            Map.of("SSL_CERT_FILE", server.certificate().toString()),
                            folder("artifacts"))
                    .passed();
            assertThat(server.files().keySet())
                    .containsExactlyInAnyOrder(
                            "/incoming/hello_1_all.deb", "/incoming/" + DebianUpload.CHANGES);
            assertThat(server.files().get("/incoming/hello_1_all.deb"))
                    .isEqualTo(Files.readAllBytes(folder("artifacts").resolve("hello_1_all.deb")));
        }
    }

    @Test
    void theFileOnTheDriveHoldsInPlaceOfTheHosts() throws Exception {
        makePackage(folder("artifacts"));
        Files.writeString(directory.resolve("dput.cf"), local());

        dput("[ours]\nfqdn = nowhere.invalid\n", Map.of(), folder("artifacts")).passed();
        assertThat(uploaded()).containsExactly(DebianUpload.CHANGES, "hello_1_all.deb");
    }

    @Test
    void aNameAloneNeedsThatFile() throws Exception {
        makePackage(folder("artifacts"));

        assertThat(dput("", Map.of(), folder("artifacts")).failed())
                .contains("nothing says where ours is", "repositories[].targets.dput");
    }

    @Test
    void noPackageAndMoreThanOneAreRefused() throws Exception {
        assertThat(dput(local(), Map.of(), folder("artifacts")).output())
                .contains("dput: no .changes file below " + folder("artifacts"));
        makePackage(folder("artifacts/a"));
        makePackage(folder("artifacts/b"));

        assertThat(dput(local(), Map.of(), folder("artifacts")).failed())
                .contains("more than one .changes file")
                .contains("artifacts/a/" + DebianUpload.CHANGES)
                .contains("artifacts/b/" + DebianUpload.CHANGES);
        assertThat(uploaded()).isEmpty();
    }

    @Test
    void theFirstFolderThatHasAPackageCounts() throws Exception {
        makePackage(folder("artifacts/other"));
        assertThat(dput(local(), Map.of(), folder("artifacts/debian"), folder("artifacts")).code())
                .isZero();
        makePackage(folder("artifacts/debian"));

        assertThat(
                        dput(local(), Map.of(), folder("artifacts/debian"), folder("artifacts"))
                                .passed())
                .contains("artifacts/debian/hello_1_all.deb");
    }

    @Test
    void dputCfSaysItInTheWordsOfBothProgramsOfThatName() {
        var scp =
                new DputTarget.Server(
                        "ours",
                        new HostName("a.example"),
                        DputTarget.Method.SCP,
                        Optional.of(2222),
                        "/in",
                        "ci",
                        false);

        assertThat(DputFile.of(new DputTarget("ours", Optional.of(scp))))
                .contains(
                        """
                        [ours]
                        fqdn = a.example
                        method = scp
                        incoming = /in
                        login = ci
                        allow_unsigned_uploads = 0
                        ssh_config_options = Port=2222
                        port = 2222
                        """);
        assertThat(DputFile.of(new DputTarget("ours", Optional.empty()))).isEmpty();
    }
}
