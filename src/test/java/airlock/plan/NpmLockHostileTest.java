package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Hostile lock files.
class NpmLockHostileTest {
    private static final String MIRROR = "http://mirror.example:8080/npm";
    private static final String SUM = "sha512-" + "A".repeat(86) + "==";

    @TempDir Path directory;

    private ScriptRun parse(String lock) throws Exception {
        return parse(lock.getBytes(StandardCharsets.UTF_8));
    }

    private ScriptRun parse(byte[] lock) throws Exception {
        Path file = Files.write(directory.resolve("lock"), lock);
        return ScriptRun.program(
                directory,
                List.of("python3", "-I", "-c", Script.file("npm_lock.py"), file.toString(), MIRROR),
                Map.of());
    }

    private static String one(String key, String more) {
        return "{\"packages\": {\"" + key + "\": {\"version\": \"1.0.0\"" + more + "}}}";
    }

    private static String resolved(String url) {
        return ", \"integrity\": \"" + SUM + "\", \"resolved\": \"" + url + "\"";
    }

    @ParameterizedTest
    @CsvSource({
        "../x, no path below",
        "node_modules/../../x, no path below",
        "/etc/x, no path below",
        "node_modules/./x, no path below",
        "node_modules//x, no path below",
        "node_modules/a\\u0000b, is no path",
        "node_modules/a\\nb, is no path",
        "node_modules/a\\ud800, is no path",
        "node_modules/a\\\\b, is no path",
        "a/b, a package whose key is none",
        "node_modules/a b, a package whose key is none",
        "node_modules/@a, a package whose key is none",
    })
    void aKeyThatIsNoPathOfAPackageIsRefused(String key, String why) throws Exception {
        String key2 = key.equals("node_modules/@a") ? "node_modules/@a/" : key;
        String runOutput = parse(one(key2, resolved("https://r.example/a/-/a-1.0.0.tgz"))).failed();
        assertThat(runOutput).startsWith("npm_get: the lock file ").hasLineCount(1);
        if (key2.equals(key)) {
            assertThat(runOutput).contains(why);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "file:../x.tgz",
        "git+ssh://git@forge.example/a/b.git#0123",
        "git+https://forge.example/a/b.git",
        "ftp://r.example/a/-/a-1.0.0.tgz",
        "https://forge.example/a/b/archive/main.tar.gz",
        "https://r.example/a/-/a-1.0.0.tgz?token=x",
        "https://r.example/a/-/..",
        "https://mirror.example:8080/npm/../etc",
        "http://mirror.example:8080/npm/%2e%2e/etc",
        "https://[::1/a/-/a-1.0.0.tgz",
        "https://r.example:99999/a/-/a.tgz",
    })
    void whatIsFromNoRegistryIsRefused(String url) throws Exception {
        assertThat(parse(one("node_modules/a", resolved(url))).failed())
                .startsWith("npm_get: the lock file 'node_modules/a' ");
    }

    @Test
    void whatIsFromAnyRegistryIsAskedForAtTheMirror() throws Exception {
        for (String url :
                List.of(
                        "https://r.example/a/-/a-1.0.0.tgz",
                        "http://user:password@r.example/deep/er/a/-/a-1.0.0.tgz#x",
                        MIRROR + "/a/-/a-1.0.0.tgz")) {
            assertThat(parse(one("node_modules/a", resolved(url))).output())
                    .isEqualTo(
                            "sha512\t%s\t%s/a/-/a-1.0.0.tgz\tnode_modules/a.tgz\n"
                                    .formatted("0".repeat(128), MIRROR));
        }
        assertThat(
                        parse(
                                        one(
                                                "packages/x y/node_modules/@s/b",
                                                resolved("https://r.example/@s%2fb/-/b-1.tgz")))
                                .output())
                .endsWith(MIRROR + "/@s%2fb/-/b-1.tgz\tpackages/x y/node_modules/@s/b.tgz\n");
        assertThat(parse(one("node_modules/@s/b", ", \"integrity\": \"" + SUM + "\"")).output())
                .contains(MIRROR + "/@s/b/-/b-1.0.0.tgz");
    }

    @Test
    void directoriesOfTheRepositoryLinksAndBundledPackagesAreLeftOut() throws Exception {
        var run =
                parse(
                        """
                        {"packages": {"": {"name": "a"}, "packages/b": {"version": "1.0.0"},
                          "node_modules/b": {"resolved": "packages/b", "link": true},
                          "node_modules/c/node_modules/d": {"version": "1.0.0", "inBundle": true}}}
                        """);

        assertThat(run).isEqualTo(new ScriptRun(0, ""));
    }

    @Test
    void withoutAChecksumThatCountsNothingIsFetched() throws Exception {
        for (String integrity :
                List.of(
                        "",
                        ", \"integrity\": 1",
                        ", \"integrity\": \"md5-aaaa\"",
                        ", \"integrity\": \"sha512-aaaa\"",
                        ", \"integrity\": \"sha512-ä\"")) {
            assertThat(
                            parse(
                                            one(
                                                    "node_modules/a",
                                                    integrity
                                                            + ", \"resolved\": \"https://r.example/a/-/a-1.tgz\""))
                                    .failed())
                    .contains("'node_modules/a' has ", "integrity");
        }
    }

    @Test
    void whatIsNoLockFileIsTold() throws Exception {
        assertThat(parse("{\"lockfileVersion\": 1, \"dependencies\": {}}").output())
                .contains("has no `packages`: npm 7 and later write them");
        assertThat(parse("[1").output()).contains("is no JSON: ");
        assertThat(parse(new byte[] {'"', (byte) 0xff, '"'}).output()).contains("is not UTF-8");
        assertThat(parse("[".repeat(1_000_000)).output()).contains("nested too deeply");
        assertThat(parse("9".repeat(1_000_000)).output()).contains("is no JSON: ");
        assertThat(parse("{\"packages\": {\"a\": {}, \"a\": {}}}").output())
                .contains("has the key 'a' twice in one place");
        assertThat(parse("{\"packages\": {\"node_modules/a\": 1}}").output())
                .contains("'node_modules/a' is no mapping");
        String two = one("node_modules/a", resolved("https://r.example/a/-/a-1.tgz"));
        String below =
                two.replace(
                        "}}}",
                        "}, \"node_modules/a.tgz/node_modules/b\": {"
                                + resolved("https://r.example/b/-/b-1.tgz").substring(2)
                                + "}}}");
        assertThat(parse(below).output()).contains("has a package where a directory would be");
    }

    @Test
    void tooManyPackagesAreTold() throws Exception {
        var lock = new StringBuilder("{\"packages\": {");
        for (int i = 0; i <= 50_000; i++) {
            lock.append(i == 0 ? "" : ",").append("\"node_modules/p").append(i).append("\": {}");
        }
        assertThat(parse(lock.append("}}").toString()).output())
                .contains("has 50001 packages, more than 50000");
    }

    @Test
    void whateverIsInItNoFileIsWrittenElsewhereAndNobodyElseIsAsked() throws Exception {
        var random = new Random(371);
        Path folder = Files.createDirectory(directory.resolve("many"));
        byte[] good = TinyRegistries.packageLock().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2_000; i++) {
            Files.write(folder.resolve("%05d".formatted(i)), Mutants.of(good, JUNK, random));
        }

        var run = ManyFiles.read(folder, "npm_lock.py", folder + "/{}", MIRROR);

        assertThat(run.code()).as(run.output()).isZero();
        var lines = run.output().lines().toList();
        assertThat(lines).contains("refused");
        assertThat(lines.stream().filter(line -> !line.equals("refused")))
                .hasSizeGreaterThan(200)
                .allSatisfy(NpmLockHostileTest::assertHarmless);
    }

    private static void assertHarmless(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        assertThat(fields).hasSize(4);
        assertThat(fields.get(0) + fields.get(1)).matches("sha(1|256|384|512)[0-9a-f]+");
        assertThat(fields.get(2)).startsWith(MIRROR + "/").doesNotContain("\"", "\\", " ", "/..");
        Path top = Path.of("/deps/npm");
        Path file = top.resolve(fields.get(3));
        assertThat(file.normalize().toString()).isEqualTo(file.toString()).startsWith(top + "/");
    }

    private static final List<String> JUNK =
            List.of(
                    "..",
                    "/",
                    "\\u0000",
                    "\\n",
                    "\"",
                    "\\",
                    "\t",
                    "node_modules/",
                    "@",
                    "%2e%2e/",
                    "file:",
                    "null",
                    "[",
                    "]",
                    "{",
                    "}",
                    "-1e999",
                    ":",
                    "//",
                    "?",
                    "#",
                    "é",
                    "\u202e");
}
