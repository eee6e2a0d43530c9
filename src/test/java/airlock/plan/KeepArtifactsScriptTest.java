package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Glob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Artifacts that a plan does not want, on a real file system.
class KeepArtifactsScriptTest {
    @TempDir Path directory;

    private Path artifacts() throws IOException {
        return Files.createDirectories(directory.resolve("artifacts"));
    }

    private void file(String path) throws IOException {
        Path file = artifacts().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }

    private ScriptRun keep(String... patterns) throws IOException, InterruptedException {
        var rule =
                new ArtifactRule(
                        Optional.of(List.of(patterns).stream().map(Glob::new).toList()),
                        Optional.empty());
        return ScriptRun.of(rule.script(artifacts().toString()).orElseThrow(), Map.of());
    }

    private Set<String> left() throws IOException {
        return new TreeSet<>(ScriptRun.files(artifacts()));
    }

    @Test
    void onlyWhatFitsAPatternIsLeft() throws Exception {
        for (String path :
                List.of("a.txt", "b.log", "dist/x.whl", "dist/deep/y.whl", "c/d/e", ".hidden")) {
            file(path);
        }

        assertThat(keep("*.txt", "dist/**")).isEqualTo(new ScriptRun(0, ""));

        assertThat(left()).containsExactly("a.txt", "dist/deep/y.whl", "dist/x.whl");
        assertThat(artifacts().resolve("c")).doesNotExist();
    }

    @Test
    void linksAreRemovedAndNotFollowed() throws Exception {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "kept");
        Files.createSymbolicLink(artifacts().resolve("link"), outside);
        Files.createSymbolicLink(artifacts().resolve("kept"), outside);

        assertThat(keep("kept").code()).isZero();

        assertThat(left()).containsExactly("kept");
        assertThat(outside.resolve("secret")).hasContent("kept");
        Files.delete(artifacts().resolve("kept"));
        Files.delete(artifacts());
        Files.createSymbolicLink(directory.resolve("artifacts"), outside);
        assertThat(
                        ScriptRun.of(
                                        new ArtifactRule(
                                                        Optional.of(List.of(new Glob("x"))),
                                                        Optional.empty())
                                                .script(directory.resolve("artifacts").toString())
                                                .orElseThrow(),
                                        Map.of())
                                .output())
                .contains("is no directory");
        assertThat(outside.resolve("secret")).exists();
    }

    /// The pattern is made an expression for another program: both must mean the same.
    @Test
    void anyPatternLeavesWhatItMatches() throws Exception {
        var random = new Random(41);
        var characters = "ab./*?()[]{}+|^$\\- é".toCharArray();
        for (int round = 0; round < 30; round++) {
            var names = new ArrayList<String>();
            for (int i = 0; i < 12; i++) {
                String name = word(random, characters).replaceAll("[/.]", "x");
                names.add(i % 2 == 0 ? name : "ab/" + name);
            }
            String pattern = word(random, characters);
            for (String name : names) {
                file(name);
            }
            var expected = new TreeSet<>(left());
            expected.removeIf(name -> !new Glob(pattern).matches(name));

            assertThat(keep(pattern)).as(pattern).isEqualTo(new ScriptRun(0, ""));
            assertThat(left()).as(pattern).isEqualTo(expected);
        }
    }

    private static String word(Random random, char[] characters) {
        var word = new StringBuilder();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            word.append(characters[random.nextInt(characters.length)]);
        }
        return word.toString();
    }
}
