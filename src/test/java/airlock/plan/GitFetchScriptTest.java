package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.LoopbackForge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Fetches with git_fetch from a real git server.
class GitFetchScriptTest {
    @TempDir Path directory;
    @AutoClose private LoopbackForge forge = LoopbackForge.start(0);
    private Path work = Path.of("none");

    @BeforeEach
    void start() throws Exception {
        Path bare = directory.resolve("other.git");
        forge.host(7, "alice/other", bare, false);
        work = directory.resolve("work");
        git(directory, "clone", "-q", bare.toString(), work.toString());
        Files.writeString(work.resolve("file"), "one\n");
        Files.writeString(work.resolve(".gitattributes"), "file filter=evil\n");
        Files.writeString(
                work.resolve(".gitmodules"),
                "[submodule \"s\"]\n\tpath = s\n\turl = http://127.0.0.1:1/s\n");
        commit("one");
    }

    private String git(Path where, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
        var run = ScriptRun.program(where, command, Map.of());
        assertThat(run.code()).as(run.output()).isZero();
        return run.output().strip();
    }

    private String commit(String message) throws Exception {
        git(work, "add", "-A");
        git(work, "commit", "-q", "-m", message);
        git(work, "push", "-q", "origin", "HEAD:refs/heads/main");
        return git(work, "rev-parse", "HEAD");
    }

    private Path folder() {
        return directory.resolve("git");
    }

    private ScriptRun fetch(String commit, String ref) throws Exception {
        return ScriptRun.of(
                "git_fetch",
                List.of(
                        folder().toString(),
                        "other",
                        forge.url() + "/alice/other.git",
                        commit,
                        ref));
    }

    private Path fetched(String file) {
        return folder().resolve("other").resolve(file);
    }

    @Test
    void aCommitThatIsNoHeadComesWithItsFilesAndOnce() throws Exception {
        String first = git(work, "rev-parse", "HEAD");
        Files.writeString(work.resolve("file"), "two\n");
        commit("two");

        fetch(first, "").passed();
        assertThat(fetched("file")).hasContent("one");
        assertThat(git(fetched("."), "rev-parse", "HEAD")).isEqualTo(first);
        forge.close();
        assertThat(fetch(first, "").output())
                .isEqualTo(
                        "other: there already\nother: %s of %s/alice/other.git\n"
                                .formatted(first, forge.url()));
        assertThat(fetched("file")).hasContent("one");
    }

    @Test
    void anotherCommitReplacesWhatWasThere() throws Exception {
        String first = git(work, "rev-parse", "HEAD");
        assertThat(fetch(first, "").code()).isZero();
        Files.delete(work.resolve("file"));
        String second = commit("two");

        fetch(second, "refs/heads/main").passed();
        assertThat(fetched("file")).doesNotExist();
    }

    @Test
    void aRefThatHasMovedIsNoCommit() throws Exception {
        String first = git(work, "rev-parse", "HEAD");
        Files.writeString(work.resolve("file"), "two\n");
        String second = commit("two");

        assertThat(fetch(first, "refs/heads/main").failed())
                .contains(
                        "git_fetch: other: refs/heads/main of ",
                        " is " + second + " and not " + first);
        assertThat(fetched("file")).doesNotExist();
    }

    @Test
    void aCommitThatIsNotThereIsTold() throws Exception {
        assertThat(fetch("0123456789".repeat(4), "").failed())
                .contains("not our ref", "could not be fetched from");
    }

    @Test
    void nothingOfWhatWasThereTellsGitWhatToDo() throws Exception {
        String first = git(work, "rev-parse", "HEAD");
        assertThat(fetch(first, "").code()).isZero();
        Path mark = directory.resolve("mark");
        for (String hook : List.of("post-checkout", "reference-transaction", "fsmonitor")) {
            Path file = fetched(".git/hooks").resolve(hook);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "#!/bin/sh\ntouch " + mark + "\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(
                fetched(".git/config"),
                """
                [core]
                repositoryformatversion = 0
                fsmonitor = %1$s
                sshCommand = %1$s
                [filter "evil"]
                smudge = touch %2$s
                [remote "origin"]
                uploadpack = touch %2$s
                [credential]
                helper = !touch %2$s
                """
                        .formatted(fetched(".git/hooks/fsmonitor"), mark));
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createSymbolicLink(fetched(".git/objects/ff"), outside);

        assertThat(fetch(first, "").code()).isZero();

        assertThat(mark).doesNotExist();
        assertThat(fetched(".git/hooks")).doesNotExist();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void objectsThatAreNotWhatTheirNamesSayAreFetchedAgain() throws Exception {
        String first = git(work, "rev-parse", "HEAD");
        assertThat(fetch(first, "").code()).isZero();
        try (var files = Files.walk(fetched(".git/objects"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                assertThat(file.toFile().setWritable(true)).isTrue();
                Files.write(file, bytes);
            }
        }

        assertThat(fetch(first, "").passed()).doesNotContain("there already");
        assertThat(fetched("file")).hasContent("one");
    }
}
