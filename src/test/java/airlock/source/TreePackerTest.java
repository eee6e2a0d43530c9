package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.source.TreePacker.TreeEntries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.eclipse.jgit.internal.storage.dfs.DfsRepositoryDescription;
import org.eclipse.jgit.internal.storage.dfs.InMemoryRepository;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreePackerTest {
    private static final String FILE = "100644";
    private static final String TREE = "40000";

    @TempDir private Path temporary;
    private final InMemoryRepository repository =
            new InMemoryRepository(new DfsRepositoryDescription("hostile"));
    private final ObjectInserter inserter = repository.newObjectInserter();
    private ObjectId blob;

    @BeforeEach
    void insertABlob() throws IOException {
        blob = blob("content\n");
    }

    private ObjectId blob(String text) throws IOException {
        ObjectId id = inserter.insert(Constants.OBJ_BLOB, text.getBytes(StandardCharsets.UTF_8));
        inserter.flush();
        return id;
    }

    private byte[] pack(TreeBuilder tree) throws IOException {
        return pack(tree.insert(inserter), SourceLimits.DEFAULT);
    }

    private byte[] pack(ObjectId tree, SourceLimits limits) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (ObjectReader objects = repository.newObjectReader()) {
            var tar = new TarWriter(bytes, limits);
            new TreePacker(objects, tar, limits).pack(tree);
            tar.finish();
        }
        return bytes.toByteArray();
    }

    private List<String> names(byte[] tar) throws IOException {
        return Tars.names(Files.write(temporary.resolve("t.tar"), tar));
    }

    private void assertRefused(TreeBuilder tree, String reason) {
        assertThatThrownBy(() -> pack(tree))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.isRefusal()).isTrue())
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".git",
                ".GIT",
                ".gIt",
                ".git.",
                ".git ",
                ".git . .",
                "git~1",
                "GIT~1",
                "git~2",
                ".g\u200cit",
                "\ufeff.git",
                ".gi\u202et",
                ".git\u206f",
                ".git:hooks",
                ".git::$INDEX_ALLOCATION",
                "a\\.git",
                ".git\\hooks",
                "a\\GIT~1"
            })
    void noNameThatSomeFileSystemTakesForGitIsPacked(String name) {
        assertRefused(new TreeBuilder().entry(FILE, name, blob), "take for .git");
        assertRefused(new TreeBuilder().entry("120000", name, blob), "take for .git");
        assertRefused(new TreeBuilder().entry("160000", name, blob), "take for .git");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".gitignore",
                ".gitmodules",
                ".gitattributes",
                ".github",
                "git",
                "agit~1x",
                ".gitt",
                "x.git",
                "...",
                "a..b",
                "größe",
                "\u200d",
                "a b ",
                "con",
                "a:b",
                "-rf",
                "git~",
                "new\nline"
            })
    void otherNamesArePackedAsTheyAre(String name) throws IOException {
        assertThat(names(pack(new TreeBuilder().entry(FILE, name, blob)))).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", ".\u200c.", "\u200d."})
    void dotsAreRefused(String name) {
        assertRefused(new TreeBuilder().entry(TREE, name, blob), "this or the upper directory");
    }

    @Test
    void emptyNamesAndNamesWithSlashesAreRefused() {
        assertRefused(new TreeBuilder().entry(FILE, "", blob), "an empty name");
        assertRefused(new TreeBuilder().entry(FILE, "a/b", blob), "slash");
        assertRefused(new TreeBuilder().entry(FILE, "../etc", blob), "slash");
        assertRefused(new TreeBuilder().entry(FILE, "/etc", blob), "slash");
        assertRefused(new TreeBuilder().entry(FILE, "n".repeat(256), blob), "255 bytes");
    }

    @Test
    void aNameThatIsNotUtf8IsRefused() {
        byte[] latin = "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(new TreeBuilder().entry(FILE, latin, blob), "not UTF-8: 'caf\u00e9'");
        byte[] overlong = {(byte) 0xc0, (byte) 0xae, (byte) 0xc0, (byte) 0xae};
        assertRefused(new TreeBuilder().entry(FILE, overlong, blob), "not UTF-8");
    }

    @Test
    void aNameThatComesTwiceIsRefused() throws IOException {
        ObjectId empty = new TreeBuilder().insert(inserter);
        assertRefused(
                new TreeBuilder().entry(FILE, "a", blob).entry(FILE, "a", blob), "a name twice");
        assertRefused(
                new TreeBuilder()
                        .entry(FILE, "a", blob)
                        .entry(FILE, "a.b", blob)
                        .entry(TREE, "a", empty),
                "a name twice");
    }

    @Test
    void aTreeThatIsNotSortedIsRefused() throws IOException {
        assertRefused(
                new TreeBuilder().entry(FILE, "b", blob).entry(FILE, "a", blob), "not sorted");
        ObjectId empty = new TreeBuilder().insert(inserter);
        assertRefused(
                new TreeBuilder().entry(TREE, "a", empty).entry(FILE, "a.b", blob), "not sorted");
    }

    @Test
    void unknownModesAreRefused() {
        assertRefused(new TreeBuilder().entry("60644", "device", blob), "unknown mode 60644");
        assertRefused(new TreeBuilder().entry("10644", "pipe", blob), "unknown mode");
        assertRefused(new TreeBuilder().entry("-40000", "x", blob), "malformed");
        assertRefused(new TreeBuilder().entry("100648", "x", blob), "malformed");
        assertRefused(new TreeBuilder().entry("", "x", blob), "unknown mode 0");
    }

    @Test
    void aTreeCutShortIsRefusedNeverRead() throws IOException {
        byte[] whole = new TreeBuilder().entry(FILE, "a", blob).entry(FILE, "b", blob).bytes();
        int oneEntry = whole.length / 2;
        for (int length = 1; length < whole.length; length++) {
            if (length == oneEntry) {
                continue;
            }
            ObjectId tree = inserter.insert(Constants.OBJ_TREE, Arrays.copyOf(whole, length));
            inserter.flush();
            assertThatThrownBy(() -> pack(tree, SourceLimits.DEFAULT))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("malformed");
        }
    }

    @Test
    void randomBytesNeverBreakTheReader() throws IOException {
        var random = new Random(20261124);
        byte[] good = new TreeBuilder().entry(FILE, "a", blob).entry(FILE, "b", blob).bytes();
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            var entries = new TreeEntries(ObjectId.zeroId(), "", bad);
            try {
                while (entries.next()) {
                    assertThat(entries.name()).isNotEmpty();
                }
            } catch (SourceException e) {
                assertThat(e.isRefusal()).isTrue();
                refused++;
            }
        }
        assertThat(refused).isBetween(200, 1999);
    }

    @Test
    void gitsOddModesBecomeTwo() throws IOException {
        byte[] tar =
                pack(
                        new TreeBuilder()
                                .entry("100600", "a", blob)
                                .entry("100664", "b", blob)
                                .entry("100700", "c", blob)
                                .entry("100755", "d", blob)
                                .entry("0100644", "e", blob));

        assertThat(Tars.entries(Files.write(temporary.resolve("t.tar"), tar)))
                .extracting(entry -> entry.getMode() & 0777)
                .containsExactly(0644, 0644, 0755, 0755, 0644);
    }

    @Test
    void linksArePackedAsTheyAre() throws IOException {
        byte[] tar =
                pack(
                        new TreeBuilder()
                                .entry("120000", "absolute", blob("/etc/passwd"))
                                .entry("120000", "dangling", blob("../../nowhere")));

        assertThat(Tars.entries(Files.write(temporary.resolve("t.tar"), tar)))
                .extracting("linkName")
                .containsExactly("/etc/passwd", "../../nowhere");
    }

    @Test
    void linksWithoutATargetThatCouldBeAreRefused() throws IOException {
        for (String target : List.of("", "a\0b", "x".repeat(5000))) {
            assertRefused(new TreeBuilder().entry("120000", "link", blob(target)), "symbolic link");
        }
    }

    @Test
    void aBombOfNestedTreesEndsAtTheLimits() throws IOException {
        ObjectId tree = new TreeBuilder().insert(inserter);
        for (int depth = 0; depth < 8; depth++) {
            var builder = new TreeBuilder();
            for (int i = 0; i < 10; i++) {
                builder.entry(TREE, "d" + i, tree);
            }
            tree = builder.insert(inserter);
        }
        ObjectId bomb = tree;
        assertThatThrownBy(() -> pack(bomb, SourceLimits.DEFAULT))
                .hasMessageContaining("more than 500000 directories");
        assertThatThrownBy(() -> pack(bomb, Forge.SMALL)).hasMessageContaining("directories deep");
    }

    @Test
    void eachLimitIsNamed() throws IOException {
        var many = new TreeBuilder();
        for (int i = 10; i < 40; i++) {
            many.entry(FILE, "f" + i, blob);
        }
        ObjectId manyId = many.insert(inserter);
        assertThatThrownBy(() -> pack(manyId, Forge.SMALL))
                .hasMessageContaining("more than 20 files");
        ObjectId half = blob("x".repeat(40_000));
        ObjectId heavy =
                new TreeBuilder()
                        .entry(FILE, "a", half)
                        .entry(FILE, "b", half)
                        .entry(FILE, "c", half)
                        .insert(inserter);
        assertThatThrownBy(() -> pack(heavy, Forge.SMALL))
                .hasMessageContaining("more than 100,000 bytes");
        ObjectId leaf = new TreeBuilder().entry(FILE, "n".repeat(150), blob).insert(inserter);
        ObjectId longPath = new TreeBuilder().entry(TREE, "d".repeat(150), leaf).insert(inserter);
        assertThatThrownBy(() -> pack(longPath, Forge.SMALL))
                .hasMessageContaining("more than 200 bytes");
    }

    @Test
    void theSameTreeGivesTheSameBytes() throws IOException {
        var names = new ArrayList<String>();
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            names.add("n" + Integer.toString(random.nextInt(1 << 20), 36));
        }
        var builder = new TreeBuilder();
        names.stream().distinct().sorted().forEach(name -> builder.entry(FILE, name, blob));
        ObjectId tree = builder.insert(inserter);

        assertThat(pack(tree, SourceLimits.DEFAULT)).isEqualTo(pack(tree, SourceLimits.DEFAULT));
    }
}
