package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetches with pip from a small index, and installs without one.
class PipScriptsTest {
    private static final String WHEEL = "hello_dep-1.0.0-py3-none-any.whl";

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
        Files.writeString(source.resolve("requirements.txt"), TinyRegistries.requirements());
    }

    private static void needPip() {
        assumeTrue(
                Files.exists(Path.of("/usr/lib/python3/dist-packages/pip")),
                "no pip: apt-get install python3-pip python3-venv");
    }

    private Path folder() {
        return directory.resolve("pip");
    }

    private ScriptRun download() throws Exception {
        return ScriptRun.of(
                "pip_download",
                List.of(
                        folder().toString(),
                        source.toString(),
                        "requirements.txt",
                        "false",
                        registries.base() + "/pypi/simple",
                        Script.file("pip_requirements.py")));
    }

    private ScriptRun parse(String text) throws Exception {
        Files.writeString(source.resolve("r"), text);
        return parseFile("r");
    }

    private ScriptRun parseFile(String name) throws Exception {
        return ScriptRun.program(
                directory,
                List.of(
                        "python3",
                        "-I",
                        "-c",
                        Script.file("pip_requirements.py"),
                        source.toString(),
                        name),
                Map.of());
    }

    @Test
    void whatIsFetchedOnceIsInstalledWithoutANetwork() throws Exception {
        needPip();
        download().passed();
        assertThat(folder().resolve(WHEEL)).isRegularFile();
        assertThat(download().output()).contains("File was already downloaded");
        assertThat(server.requests()).filteredOn(path -> path.endsWith(".whl")).hasSize(1);
        int before = server.requests().size();

        Path venv = directory.resolve("venv");
        ScriptRun.in(
                        source,
                        "pip_install",
                        List.of(folder().toString(), "requirements.txt", venv.toString()),
                        Map.of("HOME", directory.toString()))
                .passed();
        assertThat(
                        ScriptRun.program(
                                source,
                                List.of(
                                        venv.resolve("bin/python3").toString(),
                                        "-c",
                                        "import hello_dep; print(hello_dep.hello)"),
                                Map.of()))
                .isEqualTo(new ScriptRun(0, "1\n"));
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void aTamperedPackageIsRefusedByItsName() throws Exception {
        needPip();
        registries.tamper("pypi/files/" + WHEEL);

        assertThat(download().failed())
                .contains("DO NOT MATCH THE HASHES", "hello-dep==1.0.0 from ")
                .doesNotContain("try 1 of");
        assertThat(folder().resolve(WHEEL)).doesNotExist();
    }

    @Test
    void aPackageThatTheMirrorLacksIsNamed() throws Exception {
        needPip();
        Files.writeString(source.resolve("requirements.txt"), "no-such-thing==1\n");

        assertThat(download().failed())
                .contains("No matching distribution found for no-such-thing==1");
    }

    @Test
    void whatFailsOrIsCutOffIsAskedForAgain() throws Exception {
        needPip();
        server.failOnce("/pypi/simple/hello-dep/");
        server.cutOnce("/pypi/files/" + WHEEL);

        download().passed();
        assertThat(folder().resolve(WHEEL)).isRegularFile();
    }

    @Test
    void nothingOfTheRepositoryRunsOrIsRead() throws Exception {
        needPip();
        Path mark = directory.resolve("mark");
        String python = "open('%s', 'w')\n".formatted(mark);
        for (String file :
                List.of("setup.py", "pip.py", "sitecustomize.py", "usercustomize.py", "ssl.py")) {
            Files.writeString(source.resolve(file), python);
        }
        Files.writeString(
                source.resolve("pip.conf"), "[global]\nindex-url = http://127.0.0.1:1/\n");
        Files.createDirectories(source.resolve("hello-dep"));
        Files.writeString(source.resolve("hello-dep/setup.py"), python);

        ScriptRun.of(
                        "pip_download",
                        List.of(
                                folder().toString(),
                                source.toString(),
                                "requirements.txt",
                                "true",
                                registries.base() + "/pypi/simple",
                                Script.file("pip_requirements.py")),
                        "",
                        Map.of(
                                "PYTHONPATH", source.toString(),
                                "PIP_CONFIG_FILE", source.resolve("pip.conf").toString(),
                                "PIP_INDEX_URL", "http://127.0.0.1:1/"))
                .passed();
        assertThat(mark).doesNotExist();
    }

    @Test
    void namesVersionsMarkersAndHashesAreKeptAndNothingElse() throws Exception {
        String sum = "sha256:" + "0".repeat(64);
        assertThat(
                        parse(
                                        """
                                        \ufeff# -*- coding: utf-8 -*-
                                        A.b_c [x, y-z] >= 1.0, != 1.5.*, <2   ; python_version < "3.8" # é
                                        d===1!2+local ; (os_name == 'posix' and extra != "x")
                                        e \\
                                          == 1 \\
                                          --hash=%1$s --hash %1$s
                                        f (>=1,<2)

                                        g
                                        """
                                                .formatted(sum))
                                .output())
                .isEqualTo(
                        """
                        --require-hashes
                        A.b_c[x,y-z]>=1.0,!=1.5.*,<2 ; python_version < "3.8"
                        d===1!2+local ; (os_name == 'posix' and extra != "x")
                        e==1 --hash=%1$s --hash=%1$s
                        f>=1,<2
                        g
                        """
                                .formatted(sum));
        assertThat(parse("--require-hashes\na==1\n").output()).startsWith("--require-hashes\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "./package",
                "package/",
                "package[x]/",
                "/ci/src",
                "~/x",
                "a @ .",
                "a @ file:///ci/src",
                "a@https://a.example/a.whl",
                "git+https://a.example/a.git",
                "-e .",
                "--editable=.",
                "-r other.txt",
                "-c other.txt",
                "-i http://a.example",
                "--extra-index-url http://a.example",
                "--find-links .",
                "--pre",
                "--no-binary :all:",
                "a==1 --global-option=build",
                "a==1 --config-settings=a=b",
                "a==1 --hash=md5:00",
                "a==1 --hash=sha256:00 -e .",
                "a==${HOME}",
                "a ; b == '${HOME}'",
                "a==1;",
                "a==1#x",
                "b\\\n==1 -e .",
                "-\\\ne .",
                "ä==1",
                "a==1\u2028-e .",
                "a\u0000b",
            })
    void whatCouldMakePipRunOrReadSomethingIsRefusedByItsLine(String line) throws Exception {
        assertThat(parse("# first\n" + line + "\n").failed())
                .startsWith("pip_download: r, line 2: '")
                .hasLineCount(1);
    }

    @Test
    void theFileIsOpenedWithoutFollowingALink() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("r"), "secret words\n");
        Files.createSymbolicLink(source.resolve("r"), outside.resolve("r"));
        Files.createSymbolicLink(source.resolve("deep"), outside);
        Files.createDirectory(source.resolve("folder"));
        Files.writeString(source.resolve("folder/fine"), "a==1\n");

        for (String name :
                List.of("r", "deep/r", "../outside/r", outside + "/r", "folder", "none", "")) {
            assertThat(parseFile(name).failed())
                    .startsWith("pip_download: ")
                    .doesNotContain("secret");
        }
        assertThat(parseFile("folder/fine").output()).isEqualTo("a==1\n");
    }

    @Test
    void aLargeFileIsReadInNoTime() throws Exception {
        assertThat(parse("a" + " [".repeat(1_000_000)).output()).contains("line 1: 'a [ [");
        assertThat(parse("a" + "==1,".repeat(500_000) + "!").output()).contains("line 1");
        assertThat(parse("a".repeat(2_000_000) + "!").output()).contains("line 1");
        assertThat(parse("\\\n".repeat(1_000_000)).output()).isBlank();
        assertThat(parse(" ".repeat(5 << 20)).output()).contains("is larger than 4194304 bytes");
    }

    private static final String HARMLESS =
            "[A-Za-z0-9][A-Za-z0-9._-]*(\\[[A-Za-z0-9._,-]*])?([=~!<>]{1,3}[A-Za-z0-9_.*+!-]+,?)*"
                    + "( ; [A-Za-z0-9_.,<>=!~()'\" +*-]+?)?( --hash=sha(256|384|512):[0-9a-f]+)*";

    private static final List<String> JUNK =
            List.of(
                    "-e .",
                    "\n",
                    "\\\n",
                    " #",
                    "#",
                    "@",
                    "./",
                    "/",
                    "-r x",
                    ";",
                    "[",
                    "]",
                    " ",
                    "--hash=sha256:",
                    "file:",
                    "${X}",
                    "\r",
                    "\f",
                    "\u0085",
                    "==",
                    ",",
                    "'",
                    "\"",
                    "(");

    @Test
    void whateverIsInTheFilePipGetsNothingButNamesVersionsMarkersAndHashes() throws Exception {
        var random = new Random(372);
        Path folder = Files.createDirectory(directory.resolve("many"));
        String good =
                TinyRegistries.requirements()
                        + "a[b,c]>=1.0,<2 ; python_version < \"3.8\"\nd==1 # x\n";
        for (int i = 0; i < 3_000; i++) {
            var text = new StringBuilder(good);
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.insert(at, JUNK.get(random.nextInt(JUNK.size())));
                } else {
                    text.setCharAt(at, (char) random.nextInt(1, 256));
                }
            }
            Files.writeString(folder.resolve("%05d".formatted(i)), text, StandardCharsets.UTF_8);
        }

        String runOutput =
                ManyFiles.read(folder, "pip_requirements.py", folder.toString(), "{}").passed();
        assertThat(runOutput.lines()).contains("refused").anyMatch(l -> l.contains("--hash="));
        assertThat(runOutput.lines().distinct())
                .allMatch(line -> line.matches("refused|--require-hashes|" + HARMLESS));
    }
}
