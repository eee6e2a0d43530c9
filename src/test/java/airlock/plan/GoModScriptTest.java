package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The arguments and environment for Go's download of modules. `app.FetchActionsInVmTest` uses a
/// real Go.
class GoModScriptTest {
    @TempDir Path directory;
    private Path source = Path.of("none");
    private Path bin = Path.of("none");

    @BeforeEach
    void start() throws Exception {
        assumeTrue(!Files.exists(Path.of("/usr/local/go/bin/go")), "this machine has a Go");
        source = Files.createDirectories(directory.resolve("src"));
        bin = Files.createDirectories(directory.resolve("bin"));
        Files.writeString(source.resolve("go.mod"), TinyRegistries.goMod());
    }

    /// @param go what stands in for Go, a text for bash
    private ScriptRun run(String go) throws Exception {
        Path file = bin.resolve("go");
        Files.writeString(file, "#!/bin/bash\n[ \"$1\" != version ] || exit 0\n" + go);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return ScriptRun.of(
                "go_mod_download",
                List.of(
                        directory.resolve("gomod").toString(),
                        source.toString(),
                        "http://mirror.example/go"),
                "",
                Map.of("PATH", bin + ":/usr/bin:/bin", "GOFLAGS", "-toolexec=/bin/false"));
    }

    @Test
    void itAsksTheMirrorAloneAndRunsNothingElse() throws Exception {
        assertThat(run("echo \"$*\"; env | grep ^GO | sort").passed().lines())
                .startsWith("mod download")
                .contains(
                        "GOENV=off",
                        "GOFLAGS=-mod=mod -modcacherw",
                        "GOMODCACHE=" + directory.resolve("gomod"),
                        "GOPROXY=http://mirror.example/go",
                        "GOSUMDB=off",
                        "GOTOOLCHAIN=local",
                        "GOVCS=*:off",
                        "GOWORK=off");
    }

    @Test
    void itSeesFilesOfModulesAtEveryDepthAndNothingElse() throws Exception {
        Files.writeString(source.resolve("go.sum"), TinyRegistries.goSum());
        Files.writeString(source.resolve("go.work"), "use ./a\n");
        Files.writeString(source.resolve("main.go"), "package main\n");
        Files.createDirectories(source.resolve("a"));
        Files.writeString(source.resolve("a/go.mod"), "module a\n");
        Files.createDirectories(source.resolve("b"));
        Files.createSymbolicLink(source.resolve("b/go.mod"), Path.of("/etc/passwd"));
        Files.createSymbolicLink(source.resolve("c"), source.resolve("a"));

        var run = run("find . ! -type d -printf '%P\\n' | sort");

        assertThat(run).isEqualTo(new ScriptRun(0, "a/go.mod\ngo.mod\ngo.sum\n"));
    }

    @Test
    void aWrongChecksumIsTheEndAndAnythingElseIsTriedAgain() throws Exception {
        assertThat(
                        run("echo 'verifying x@v1: checksum mismatch, SECURITY ERROR' >&2; exit 1")
                                .failed())
                .contains("go_mod_download: not all")
                .doesNotContain("try 1");

        assertThat(
                        run("[ -f /%s/once ] || { : >/%1$s/once; exit 1; }".formatted(directory))
                                .passed())
                .contains("try 1 of 3 failed");
    }

    /// For an invalid archive, Go 1.24 prints only "zip: not a valid zip file".
    @Test
    void theModuleThatFailsIsNamedWhereGoDoesNot() throws Exception {
        var run =
                run(
                        """
                        [ "$3" = -json ] || { echo '404 Not Found' >&2; exit 1; }
                        printf '{\n\t"Path": "x.example/y",\n\t"Version": "v1.0.0"\n}\n'
                        printf '{\n\t"Path": "x.example/z",\n\t"Version": "v2.0.0",\n\t"Error": "zip: no"\n}\n'
                        exit 1
                        """);

        assertThat(run)
                .isEqualTo(
                        new ScriptRun(
                                1,
                                """
                                404 Not Found
                                go_mod_download: x.example/z@v2.0.0: zip: no
                                go_mod_download: not all modules could be fetched
                                """));
    }

    @Test
    void aLockFileThatLacksSomethingIsTold() throws Exception {
        Files.writeString(source.resolve("go.sum"), "");

        assertThat(run("echo x >>go.sum").output())
                .contains("go.sum of the repository does not name all of these");
    }

    @Test
    void aRepositoryWithoutGoModIsTold() throws Exception {
        Files.delete(source.resolve("go.mod"));
        Files.createSymbolicLink(source.resolve("go.mod"), Path.of("/etc/passwd"));

        assertThat(run("exit 0").output())
                .isEqualTo("go_mod_download: the repository's directory has no file go.mod\n");
    }
}
