package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Each package says in its first sentence what comes in and what goes out.
class PackageInfoTest {
    private static final Pattern FIRST_SENTENCE = Pattern.compile("Takes [^.;]+; gives [^.]+\\..*");

    @Test
    void everyPackageHasOne() {
        Set<Path> folders =
                House.filesEndingWith(".java").stream()
                        .filter(file -> file.startsWith("src/main/java"))
                        .map(Path::getParent)
                        .collect(Collectors.toSet());
        assertThat(folders).isNotEmpty();
        assertThat(folders.stream().map(folder -> folder.resolve("package-info.java")))
                .isSubsetOf(House.files());
    }

    @Test
    void eachSaysWhatComesInAndWhatGoesOut() {
        assertThat(House.filesEndingWith("package-info.java"))
                .isNotEmpty()
                .allSatisfy(
                        file -> {
                            assertThat(documentation(House.read(file))).matches(FIRST_SENTENCE);
                            assertThat(House.read(file)).contains("\n@NullMarked\npackage ");
                        });
    }

    @Test
    void aSentenceThatLeavesOutOneSideDoesNotDo() {
        assertThat(documentation("/// Takes a tar; gives\n/// results. More.\n@NullMarked\n"))
                .matches(FIRST_SENTENCE);
        assertThat(documentation("/// Holds helpers. Takes a; gives b.\n"))
                .doesNotMatch(FIRST_SENTENCE);
        assertThat(documentation("/// Takes a tar. It gives results.\n"))
                .doesNotMatch(FIRST_SENTENCE);
    }

    private static String documentation(String source) {
        return source.lines()
                .filter(line -> line.startsWith("///"))
                .map(line -> line.substring(3).strip())
                .collect(Collectors.joining(" "));
    }
}
