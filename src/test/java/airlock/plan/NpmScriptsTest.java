package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches with npm_get from a small registry, and installs with npm without one.
class NpmScriptsTest {
    private static final String HELLO = "/npm/hello-dep/-/hello-dep-1.0.0.tgz";
    private static final String OTHER = "/npm/@tiny/other/-/other-2.0.0.tgz";

    @TempDir Path directory;
    private Path source = Path.of("none");
    @AutoClose private FileServer server;
    private TinyRegistries registries;

    @BeforeEach
    void start() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        server = new FileServer(served);
        registries = TinyRegistries.make(served, "http://127.0.0.1:" + server.port());
        source = Files.createDirectory(directory.resolve("src"));
        Files.writeString(source.resolve("package.json"), TinyRegistries.packageJson());
        Files.writeString(source.resolve("package-lock.json"), TinyRegistries.packageLock());
    }

    private Path folder() {
        return directory.resolve("npm");
    }

    private ScriptRun get() throws Exception {
        return ScriptRun.of(
                "npm_get",
                List.of(
                        folder().toString(),
                        source.toString(),
                        registries.base() + "/npm",
                        Script.file("npm_lock.py")));
    }

    private List<String> there() throws Exception {
        return ScriptRun.files(folder());
    }

    @Test
    void everyPackageIsFetchedFromTheMirrorOnce() throws Exception {
        get().passed();
        assertThat(there())
                .containsExactly("node_modules/@tiny/other.tgz", "node_modules/hello-dep.tgz");
        assertThat(server.requests()).containsExactlyInAnyOrder(HELLO, OTHER);
        assertThat(get().output()).contains("2 files, 2 of them there already");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void whatNpmInstallsOfItNeedsNoNetwork() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/npm")), "no npm: apt-get install npm");
        get().passed();
        int before = server.requests().size();

        ScriptRun.in(
                        source,
                        "npm_ci",
                        List.of(folder().toString()),
                        Map.of("HOME", directory.toString()))
                .passed();
        assertThat(source.resolve("node_modules/hello-dep/index.js"))
                .hasContent("module.exports = 1");
        assertThat(source.resolve("node_modules/@tiny/other/package.json")).exists();
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void aTamperedPackageIsRefusedByItsName() throws Exception {
        registries.tamper(HELLO.substring(1));

        assertThat(get().failed())
                .contains("npm_get: node_modules/hello-dep.tgz: what " + registries.base() + HELLO)
                .contains("is not what the lock file says (sha512); not kept");
        assertThat(there()).doesNotContain("node_modules/hello-dep.tgz");
    }

    @Test
    void aPackageThatTheMirrorLacksIsNamed() throws Exception {
        Files.delete(registries.root().resolve(OTHER.substring(1)));

        assertThat(get().failed())
                .contains("npm_get: node_modules/@tiny/other.tgz: the server answered 404");
    }

    @Test
    void whatFailsOrIsCutOffIsAskedForAgain() throws Exception {
        server.failOnce(HELLO);
        server.cutOnce(OTHER);

        get().passed();
        assertThat(there()).hasSize(2);
        assertThat(server.requests()).containsExactlyInAnyOrder(HELLO, HELLO, OTHER, OTHER);
    }

    @Test
    void whatIsThereAndWrongIsFetchedAgain() throws Exception {
        get().passed();
        Files.writeString(folder().resolve("node_modules/hello-dep.tgz"), "something else");

        assertThat(get().output()).contains("2 files, 1 of them there already");

        assertThat(server.requests()).hasSize(3).last().isEqualTo(HELLO);
    }

    @Test
    void linksAndOtherThingsThatWereThereAreNotFollowed() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("hello-dep.tgz"), "untouched");
        Files.createDirectory(folder());
        Files.createSymbolicLink(folder().resolve("node_modules"), outside);
        get().passed();
        assertThat(there()).hasSize(2);

        Path hello = folder().resolve("node_modules/hello-dep.tgz");
        Files.delete(hello);
        Files.createDirectories(hello.resolve("deeper"));
        Files.delete(folder().resolve("node_modules/@tiny/other.tgz"));
        Files.delete(folder().resolve("node_modules/@tiny"));
        Files.writeString(folder().resolve("node_modules/@tiny"), "a file");
        get().passed();
        assertThat(there()).hasSize(2);
        try (var files = Files.list(outside)) {
            assertThat(files).containsExactly(outside.resolve("hello-dep.tgz"));
        }
        assertThat(outside.resolve("hello-dep.tgz")).hasContent("untouched");
    }

    @Test
    void theOtherLockFileComesFirstAndALinkIsNone() throws Exception {
        Files.writeString(source.resolve("npm-shrinkwrap.json"), "{\"packages\": {}}");
        assertThat(get().output()).contains("npm_get: npm-shrinkwrap.json", "0 files");

        Files.delete(source.resolve("npm-shrinkwrap.json"));
        Files.createSymbolicLink(
                source.resolve("npm-shrinkwrap.json"), Path.of("package-lock.json"));
        get().failed();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void nothingOfTheRepositoryRunsOrIsRead() throws Exception {
        Path mark = directory.resolve("mark");
        Files.writeString(
                source.resolve("package.json"),
                "{\"scripts\": {\"preinstall\": \"touch %s\"}}".formatted(mark));
        Files.writeString(source.resolve(".npmrc"), "registry=http://127.0.0.1:1/\n");
        Files.writeString(source.resolve(".curlrc"), "output = " + mark + "\n");
        for (String module : List.of("json.py", "base64.py", "re.py", "sitecustomize.py")) {
            Files.writeString(source.resolve(module), "open('%s', 'w')\n".formatted(mark));
        }

        ScriptRun.of(
                        "npm_get",
                        List.of(
                                folder().toString(),
                                source.toString(),
                                registries.base() + "/npm",
                                Script.file("npm_lock.py")),
                        "",
                        Map.of("PYTHONPATH", source.toString(), "PWD", source.toString()))
                .passed();
        assertThat(mark).doesNotExist();
        assertThat(directory.resolve(TinyRegistries.MARK)).doesNotExist();
    }
}
