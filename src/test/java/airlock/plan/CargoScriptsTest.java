package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches with cargo and rustup from a small server of their kinds.
class CargoScriptsTest {
    private static final String INDEX = "/crates/index/he/ll/hello-dep";
    private static final String CRATE = "/crates/dl/hello-dep";

    @TempDir Path directory;
    private Path source = Path.of("none");
    @AutoClose private FileServer server;
    private TinyRegistries registries;

    @BeforeEach
    void start() throws Exception {
        Path served = Files.createDirectory(directory.resolve("served"));
        server = new FileServer(served);
        registries = TinyRegistries.make(served, "http://127.0.0.1:" + server.port());
        source = Files.createDirectories(directory.resolve("src"));
        Files.writeString(source.resolve("Cargo.toml"), TinyRegistries.cargoToml());
        Files.createDirectory(source.resolve("src"));
        Files.writeString(
                source.resolve("src/main.rs"),
                "fn main() { println!(\"hello {}\", hello_dep::hello()); }\n");
        Files.writeString(source.resolve("build.rs"), "fn main() {}\n");
    }

    private static Path needs(String program) {
        var found =
                Stream.of("/root/.cargo/bin", "/usr/local/bin", "/usr/bin")
                        .map(Path::of)
                        .filter(folder -> Files.isExecutable(folder.resolve(program)))
                        .findFirst();
        assumeTrue(found.isPresent(), "no " + program + ": apt-get install " + program);
        return found.orElseThrow();
    }

    private Path home() {
        return directory.resolve("cargo");
    }

    private Path mark() {
        return directory.resolve("mark");
    }

    private ScriptRun fetch(Map<String, String> more) throws Exception {
        return ScriptRun.of(
                "cargo_fetch",
                List.of(home().toString(), source.toString(), registries.base() + "/crates/index"),
                "",
                more);
    }

    /// cargo in the plan phase.
    private ScriptRun cargo(String... arguments) throws Exception {
        var environment = new HashMap<>(PlanFixture.action("cargo_fetch").declared());
        environment.put("CARGO_HOME", home().toString());
        environment.put("HOME", "/root");
        environment.put("PATH", needs("cargo") + ":/usr/bin:/bin");
        return ScriptRun.program(
                source,
                Stream.concat(Stream.of("cargo"), Stream.of(arguments)).toList(),
                environment);
    }

    /// Writes a lock file with cargo itself.
    private void lock() throws Exception {
        fetch(Map.of()).passed();
        cargo("generate-lockfile", "--offline").passed();
        try (var files = Files.walk(home().resolve("registry"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private long count(String path) {
        return server.requests().stream().filter(path::equals).count();
    }

    @Test
    void whatIsFetchedOnceIsBuiltWithoutANetwork() throws Exception {
        needs("cargo");
        lock();
        var run = fetch(Map.of());
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("cargo 1.", "rustc 1.");
        assertThat(count(CRATE)).isEqualTo(2);
        fetch(Map.of()).passed();
        assertThat(count(CRATE)).isEqualTo(2);
        int before = server.requests().size();

        assertThat(cargo("run", "--offline", "--locked").passed()).contains("hello 1");
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void aTamperedCrateIsRefusedByItsName() throws Exception {
        needs("cargo");
        lock();
        registries.tamper(CRATE.substring(1));

        assertThat(fetch(Map.of()).failed())
                .contains("failed to verify the checksum of `hello-dep v1.0.0", "cargo_fetch: not");
    }

    @Test
    void anIndexThatSaysAnotherChecksumThanTheLockFileIsRefused() throws Exception {
        needs("cargo");
        lock();
        Path index = registries.root().resolve(INDEX.substring(1));
        Files.writeString(
                index,
                Files.readString(index)
                        .replaceFirst(
                                "\"cksum\":\"\\w+\"", "\"cksum\":\"" + "0".repeat(64) + "\""));

        assertThat(fetch(Map.of()).failed()).contains("checksum for `hello-dep v1.0.0` changed");
    }

    @Test
    void aCrateThatTheMirrorLacksIsNamed() throws Exception {
        needs("cargo");
        Files.delete(registries.root().resolve(INDEX.substring(1)));

        assertThat(fetch(Map.of()).failed())
                .contains("no matching package named `hello-dep` found");
    }

    @Test
    void whatFailsOrIsCutOffIsAskedForAgain() throws Exception {
        needs("cargo");
        server.failOnce(INDEX);
        server.cutOnce(CRATE);

        fetch(Map.of()).passed();
        assertThat(count(INDEX)).isEqualTo(2);
        assertThat(count(CRATE)).isEqualTo(2);
    }

    @Test
    void neitherAToolchainNorAnAliasNorASettingOfTheRepositoryIsTaken() throws Exception {
        needs("cargo");
        String settings = hostileSettings();
        Files.createDirectories(source.resolve(".cargo"));
        Files.writeString(source.resolve(".cargo/config.toml"), settings);
        Files.createDirectories(source.resolve("toolchain/bin"));
        for (String name : List.of("cargo", "rustc", "cargo-clippy")) {
            program(source.resolve("toolchain/bin").resolve(name), "touch " + mark());
        }
        Files.writeString(
                source.resolve("rust-toolchain.toml"),
                "[toolchain]\npath = \"%s\"\n".formatted(source.resolve("toolchain")));
        Files.writeString(source.resolve("build.rs"), "compile_error!(\"it is compiled\");");
        // left by an earlier run
        Files.createDirectories(home().resolve("bin"));
        Files.writeString(home().resolve("config"), settings);
        Files.writeString(home().resolve("config.toml"), settings);
        program(home().resolve("bin/cargo-clippy"), "touch " + mark());
        program(home().resolve("bin/cargo-deny"), "touch " + mark());
        Files.writeString(source.resolve("deny.toml"), "");

        var run = fetch(Map.of());

        assertThat(run.code()).as(run.output()).isZero();
        assertThat(mark()).doesNotExist();
        assertThat(run.output()).contains("there is a deny.toml, and the image has no cargo-deny");
    }

    private String hostileSettings() throws IOException {
        Path evil = directory.resolve("evil");
        program(evil, "touch " + mark());
        return """
        [alias]
        clippy = "run"
        fetch = "run"
        [build]
        rustc = "%1$s"
        rustc-wrapper = "%1$s"
        [registry]
        global-credential-providers = ["%1$s"]
        [source.crates-io]
        replace-with = "other"
        [source.other]
        registry = "sparse+http://127.0.0.1:1/"
        """
                .formatted(evil);
    }

    @Test
    void cargoSeesManifestsAndThatThereAreSourcesAndNothingElse() throws Exception {
        Files.writeString(source.resolve("Cargo.lock"), "version = 3\n");
        Files.createDirectories(source.resolve("a/b"));
        Files.writeString(source.resolve("a/b/Cargo.toml"), "x");
        Files.writeString(source.resolve("a/b/two words.rs"), "secret");
        Files.writeString(source.resolve("a/README"), "x");
        Files.createDirectories(source.resolve(".cargo"));
        Files.writeString(source.resolve(".cargo/deny.toml"), "of .cargo");
        Files.createSymbolicLink(source.resolve("a/Cargo.toml"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(source.resolve("linked"), Path.of("/usr/share"));

        assertThat(withStandIns().output())
                .isEqualTo(
                        """
                        args fetch --locked
                        Cargo.lock 12
                        Cargo.toml %d
                        a/b/Cargo.toml 1
                        a/b/two words.rs 0
                        build.rs 0
                        src/main.rs 0
                        deny deny --locked fetch of .cargo %s
                        """
                                .formatted(TinyRegistries.cargoToml().length(), home()));
    }

    /// Runs the action in an image whose programs print what they see.
    private ScriptRun withStandIns() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        program(
                bin.resolve("cargo"),
                "[ \"$1\" != fetch ] || { echo \"args $*\"; find . -type f -printf '%P %s\\n"
                        + "' | sort; }");
        program(bin.resolve("rustc"), "true");
        program(bin.resolve("cargo-deny"), "echo \"deny $* $(cat deny.toml) $CARGO_HOME\"");
        String text = Script.file("cargo_fetch.sh").replace("/root/.cargo/bin", bin.toString());
        var arguments = List.of(home().toString(), source.toString(), "http://a.example");
        return ScriptRun.of(new Script("test", "cargo_fetch", text, arguments, ""), Map.of());
    }

    @Test
    void aRepositoryWithoutAManifestIsTold() throws Exception {
        needs("cargo");
        Files.delete(source.resolve("Cargo.toml"));
        Files.createSymbolicLink(source.resolve("Cargo.toml"), Path.of("/etc/passwd"));

        assertThat(fetch(Map.of()).output())
                .endsWith("cargo_fetch: the repository's directory has no file Cargo.toml\n");
    }

    @Test
    void aToolchainIsInstalledFromTheMirror() throws Exception {
        needs("rustup");
        String target = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        registries.rustup(target + "-unknown-linux-gnu");
        server.failOnce("/rustup/dist/rustc.tar.gz");
        Path folder = directory.resolve("rustup");
        var run = rustup(folder);
        assertThat(run.code()).as(run.output()).isZero();
        String program = needs("rustup").resolve("rustup").toString();

        assertThat(
                        ScriptRun.program(
                                directory,
                                List.of(program, "run", "stable", "rustc"),
                                Map.of("RUSTUP_HOME", folder.toString(), "HOME", "/nonexistent")))
                .isEqualTo(new ScriptRun(0, "rustc 1.99.0 tiny\n"));

        registries.tamper("rustup/dist/rustc.tar.gz");
        assertThat(rustup(directory.resolve("other")).failed())
                .contains("checksum", "rustup: stable could not be installed");
    }

    private ScriptRun rustup(Path folder) throws Exception {
        String mirror = registries.base() + "/rustup";
        return ScriptRun.of(
                "rustup", List.of(folder.toString(), mirror, "stable", "--profile", "minimal"));
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
