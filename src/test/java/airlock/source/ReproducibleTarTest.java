package airlock.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Hash;
import airlock.results.StrictTar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproducibleTarTest {
    /// Of the tree that [#fill] makes, on any machine and in any year.
    private static final String KNOWN =
            "c158e9efb77027701ac53338af653ff3a9b3127ff39c42442016ebb3273ed419";

    @TempDir private Path temporary;

    private static void fill(GitRepo git) throws Exception {
        git.write("README.md", "hello\n")
                .write("a-b", "1")
                .write("a/b", "2")
                .write("a.b", "3")
                .write("größe/日本語.txt", "4")
                .write("empty", "")
                .write("d".repeat(90) + "/" + "e".repeat(90) + "/" + "f".repeat(90), "long path");
        Files.writeString(git.directory().resolve("crlf.txt"), "a\r\nb\r\n");
        git.write(".gitattributes", "* text=auto eol=lf export-ignore export-subst ident\n");
        git.write("ident.txt", "$Id$ $Format:%H$\n");
        Path script = git.write("run.sh", "#!/bin/sh\n").directory().resolve("run.sh");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.createSymbolicLink(git.directory().resolve("link"), Path.of("t".repeat(150)));
    }

    @Test
    void twoForgesAndTwoStateDirectoriesGiveTheSameBytes() throws Exception {
        List<Source> sources = new ArrayList<>();
        for (String machine : List.of("one", "two")) {
            try (var forge = new Forge(temporary.resolve(machine))) {
                Forge.Repo repo = forge.repo();
                if (machine.equals("two")) {
                    repo.git().write("other", "history").commit("before");
                    repo.git().git("rm", "-q", "other");
                }
                fill(repo.git());
                repo.git().commit("files");
                sources.add(forge.source(repo));
            }
        }
        Source one = sources.get(0);
        Source two = sources.get(1);
        assertThat(one.tree()).isEqualTo(two.tree());
        assertThat(one.commit()).isNotEqualTo(two.commit());
        assertThat(one.tar()).hasSameBinaryContentAs(two.tar());
        assertThat(one.sha256()).isEqualTo(two.sha256()).isEqualTo(KNOWN);
        assertThat(Hash.sha256(one.tar())).isEqualTo(one.sha256());
        checkEntries(Tars.entries(one.tar()));
        checkDialect(Files.readAllBytes(one.tar()));
    }

    private static void checkEntries(List<TarArchiveEntry> entries) {
        assertThat(entries)
                .extracting(TarArchiveEntry::getName)
                .containsExactly(
                        ".gitattributes",
                        "README.md",
                        "a-b",
                        "a.b",
                        "a/",
                        "a/b",
                        "crlf.txt",
                        "d".repeat(90) + "/",
                        "d".repeat(90) + "/" + "e".repeat(90) + "/",
                        "d".repeat(90) + "/" + "e".repeat(90) + "/" + "f".repeat(90),
                        "empty",
                        "größe/",
                        "größe/日本語.txt",
                        "ident.txt",
                        "link",
                        "run.sh");
        assertThat(entries)
                .allSatisfy(
                        entry -> {
                            assertThat(entry.getLongUserId()).isZero();
                            assertThat(entry.getLongGroupId()).isZero();
                            assertThat(entry.getUserName()).isEmpty();
                            assertThat(entry.getGroupName()).isEmpty();
                            assertThat(entry.getLastModifiedTime().toMillis()).isZero();
                        });
    }

    /// Walks the headers byte by byte: ustar, and in PAX headers three keys alone.
    private static void checkDialect(byte[] tar) {
        assertThat(tar.length % 512).isZero();
        int position = 0;
        while (tar[position] != 0) {
            assertThat(new String(tar, position + 257, 8, StandardCharsets.ISO_8859_1))
                    .isEqualTo("ustar\00000");
            char type = (char) tar[position + 156];
            assertThat(type).isIn('0', '2', '5', 'x');
            int size =
                    Integer.parseInt(
                            new String(tar, position + 124, 11, StandardCharsets.US_ASCII), 8);
            if (type == 'x') {
                String records = new String(tar, position + 512, size, StandardCharsets.UTF_8);
                assertThat(records.lines().map(line -> line.replaceFirst("^\\d+ (\\w+)=.*", "$1")))
                        .isSubsetOf("path", "linkpath", "size");
            }
            position += 512 + (size + 511) / 512 * 512;
        }
        assertThat(tar.length - position).isEqualTo(1024);
    }

    @Test
    void whatGitArchiveGivesIsTheSameToTheLastByteOfEachFile() throws Exception {
        var random = new Random(42);
        try (var forge = new Forge(temporary)) {
            Forge.Repo repo = forge.repo();
            for (int i = 0; i < 150; i++) {
                byte[] content = new byte[random.nextInt(3000)];
                random.nextBytes(content);
                String path = "d" + random.nextInt(5) + "/e" + random.nextInt(4) + "/f" + i;
                repo.git().write(path, "");
                Files.write(repo.git().directory().resolve(path), content);
            }
            repo.git().commit("random");

            Source source = forge.source(repo);

            byte[] archive = repo.git().run(new byte[0], "archive", "--format=tar", "HEAD");
            Path theirs = Files.write(temporary.resolve("git.tar"), archive);
            assertThat(unpack(source.tar())).isEqualTo(unpack(theirs)).hasSize(150);
        }
    }

    private List<String> unpack(Path tar) throws Exception {
        Path directory = Files.createTempDirectory(temporary, "unpacked");
        Process process =
                new ProcessBuilder("tar", "-xf", tar.toString(), "-C", directory.toString())
                        .inheritIO()
                        .start();
        assertThat(process.waitFor()).isZero();
        var files = new ArrayList<String>();
        try (var all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                files.add(directory.relativize(file) + " " + Hash.sha256(file));
            }
        }
        return files;
    }

    @Test
    void aLargeFileIsStreamed() throws Exception {
        try (var forge = new Forge(temporary)) {
            Forge.Repo repo = forge.repo();
            byte[] large = new byte[40 << 20];
            new Random(1).nextBytes(large);
            Files.write(repo.git().directory().resolve("large"), large);
            repo.git().commit("large");

            assertThat(Tars.entries(forge.source(repo).tar()))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.getSize()).isEqualTo(40 << 20));
        }
    }

    /// The dialect of the guest's reader (docs/guest-protocol.md), which passes the same table of
    /// archives as [StrictTar].
    @Test
    void namesAndTargetsOfAllKindsAreOfTheDialect() throws IOException {
        Path archive = temporary.resolve("tar");
        List<String> names =
                List.of("plain", "n".repeat(100), "n".repeat(101), "ä/ö", "d".repeat(200) + "/f");
        try (var out = Files.newOutputStream(archive)) {
            var tar = new TarWriter(out, SourceLimits.DEFAULT);
            tar.directory("directory");
            tar.directory("d".repeat(120));
            for (String name : names) {
                tar.file(name, false, 2, content -> content.write("ok".getBytes(UTF_8)));
            }
            tar.link("link", "../ä");
            tar.link("l".repeat(150), "t".repeat(150));
            tar.submodule("module");
            tar.finish();
        }
        var paths = new ArrayList<String>();
        assertThat(StrictTar.walk(archive, 100, entry -> paths.add(entry.path()))).isEmpty();
        assertThat(paths)
                .containsAll(names)
                .contains("link", "l".repeat(150), "module", "directory")
                .hasSize(names.size() + 5);
    }
}
