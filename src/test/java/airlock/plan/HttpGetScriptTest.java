package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpGetScriptTest {
    private static final String NO_SUM = "0".repeat(64);

    @TempDir Path directory;
    @AutoClose private FileServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FileServer(Files.createDirectory(directory.resolve("served")));
    }

    private Path folder() {
        return directory.resolve("http");
    }

    private ScriptRun get(String path, String name, String sum, String most) throws Exception {
        String url = "http://127.0.0.1:" + server.port() + path;
        return ScriptRun.of("http_get", List.of(folder().toString(), name, url, sum, most));
    }

    private ScriptRun get(String path) throws Exception {
        return get(path, "file", "", "");
    }

    private String fetched() throws IOException {
        return Files.readString(folder().resolve("file"));
    }

    private void nothingElseIsThere() throws IOException {
        assertThat(ScriptRun.files(folder())).isSubsetOf("file");
    }

    @Test
    void aFileIsFetchedAndKeptWhileItHasNotChanged() throws Exception {
        assertThat(get("/hello").code()).isZero();
        assertThat(fetched()).isEqualTo("hello\n");
        var again = get("/hello");

        assertThat(again.output()).isEqualTo("file: not changed since 2026-01-03 10:20:30\n");
        assertThat(again.code()).isZero();
        assertThat(server.requests()).containsExactly("/hello", "/hello since");
        assertThat(fetched()).isEqualTo("hello\n");
        nothingElseIsThere();
    }

    @Test
    void aFileThatHasChangedReplacesWhatWasThere() throws Exception {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("file"), "old");

        assertThat(get("/away").code()).isZero();

        assertThat(server.requests()).containsExactly("/away since", "/hello since");
        assertThat(fetched()).isEqualTo("hello\n");
    }

    @Test
    void aFileThatHasItsChecksumIsNotAskedFor() throws Exception {
        assertThat(get("/hello", "file", Hash.sha256("hello\n"), "").code()).isZero();
        assertThat(get("/hello", "file", Hash.sha256("hello\n"), "").code()).isZero();

        assertThat(server.requests()).containsExactly("/hello");
    }

    @Test
    void aWrongChecksumIsNamedAndWhatWasThereStays() throws Exception {
        Files.createDirectories(folder());
        Files.writeString(folder().resolve("file"), "old");

        assertThat(get("/hello", "file", NO_SUM, "").failed())
                .contains(
                        "http_get: file: its checksum is "
                                + Hash.sha256("hello\n")
                                + " and not 000");
        assertThat(fetched()).isEqualTo("old");
        nothingElseIsThere();
    }

    @Test
    void anAnswerThatMayPassIsTriedAgain() throws Exception {
        assertThat(get("/flaky").passed())
                .contains("file: try 1 of 5 failed (curl 22, status 500)");
        assertThat(fetched()).isEqualTo("at last\n");
    }

    @Test
    void whatWasCutOffGoesOnWhereItWas() throws Exception {
        get("/cut", "file", Hash.sha256(FileServer.LONG), "").passed();
        assertThat(fetched()).isEqualTo(FileServer.LONG);
        assertThat(server.requests())
                .containsExactly("/cut", "/cut bytes=" + FileServer.LONG.length() / 2 + "-");
    }

    @Test
    void aFileThatIsAnotherMeanwhileIsFetchedFromItsBeginning() throws Exception {
        get("/changing").passed();
        assertThat(fetched()).isEqualTo("another file\n");
        assertThat(server.requests()).hasSize(3).last().isEqualTo("/changing");
    }

    @Test
    void whatIsTooLargeIsNotKept() throws Exception {
        assertThat(get("/cut", "file", "", "1000").output())
                .contains("http_get: file: larger than 1000 bytes");
        assertThat(get("/endless", "file", "", "1000000").output()).contains("larger than 1000000");
        nothingElseIsThere();
    }

    @Test
    void otherAnswersAndOtherProtocolsAreRefused() throws Exception {
        assertThat(get("/missing").output()).contains("the server answered 404");
        assertThat(get("/nothing").output()).contains("the server answered 204");
        assertThat(get("/round").output()).contains("more than 10 redirections");
        assertThat(get("/local").output()).contains("curl ended with 1 ");
        nothingElseIsThere();
    }

    @Test
    void aHostThatIsNotKnownPointsToTheList() throws Exception {
        assertThat(
                        ScriptRun.of(
                                        "http_get",
                                        List.of(
                                                folder().toString(),
                                                "file",
                                                "http://a.invalid/",
                                                "",
                                                ""))
                                .failed())
                .contains("is it on this phase's list");
    }

    @Test
    void linksThatWereThereAreNotFollowed() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("file"), "untouched");
        Files.createSymbolicLink(folder(), outside);
        assertThat(get("/hello").code()).isZero();
        Files.delete(folder().resolve("file"));
        Files.createSymbolicLink(folder().resolve("file"), outside.resolve("file"));

        assertThat(get("/hello").code()).isZero();

        assertThat(outside.resolve("file")).hasContent("untouched");
        assertThat(folder().resolve("file")).isRegularFile();
        assertThat(fetched()).isEqualTo("hello\n");
    }

    @Test
    void namesAreNothingButNames() throws Exception {
        for (String name : List.of("-rf", ".hidden", "a b", "$(touch x)", "'\"", "*", "%s")) {
            assertThat(get("/hello", name, "", "").code()).as(name).isZero();
            assertThat(folder().resolve(name)).hasContent("hello");
        }
    }
}
