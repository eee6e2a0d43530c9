package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Checks that files, tests and scripts in the documents exist.
class DocsTest {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern SCRIPT = Pattern.compile("\\bdeploy/[a-z-]+\\.sh\\b");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    /// A fenced block of a page.
    ///
    /// @param kind what stands behind the backticks
    record Block(Path page, String kind, String text) {}

    static List<Path> pages() {
        return House.filesEndingWith(".md").stream()
                .filter(file -> !file.startsWith("src"))
                .toList();
    }

    static List<Block> blocks(String kind) {
        var blocks = new ArrayList<Block>();
        for (Path page : pages()) {
            BLOCK.matcher(House.read(page))
                    .results()
                    .filter(block -> block.group(1).equals(kind))
                    .forEach(block -> blocks.add(new Block(page, kind, block.group(2))));
        }
        return blocks;
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        var dead = new TreeSet<String>();
        for (Path page : pages()) {
            LINK.matcher(House.read(page))
                    .results()
                    .map(link -> link.group(1))
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .filter(link -> !leadsSomewhere(page, link))
                    .forEach(link -> dead.add(page + " -> " + link));
        }
        assertThat(dead).isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(House.ROOT.resolve(target))) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    /// The anchors that a Markdown renderer makes of headings: lower case, no punctuation, hyphens
    /// for spaces.
    private static List<String> anchors(Path page) {
        return House.read(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(java.util.Locale.ROOT))
                .map(title -> title.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void everyScriptThatIsNamedIsThere() {
        var missing = new TreeSet<String>();
        for (Path page : pages()) {
            SCRIPT.matcher(House.read(page))
                    .results()
                    .filter(script -> !Files.exists(House.ROOT.resolve(script.group())))
                    .forEach(script -> missing.add(page + ": " + script.group()));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void securityNamesTestsThatAreThere() {
        assertThat(
                        AcceptanceTest.missing(House.read("docs/security.md")).stream()
                                .filter(name -> name.contains("Test") || name.contains("/"))
                                .toList())
                .isEmpty();
    }

    @Test
    void theReadmeStaysAScreenfulAndTheGuideToChangesTwo() {
        assertThat(House.read("README.md").lines().count()).isLessThanOrEqualTo(60);
        assertThat(House.read("CONTRIBUTING.md").lines().count()).isLessThanOrEqualTo(120);
    }

    @Test
    void everyDecisionFitsAPageAndSaysContextDecisionConsequences() {
        assertThat(House.files().stream().filter(file -> file.startsWith("docs/adr")))
                .isNotEmpty()
                .allSatisfy(
                        file -> {
                            assertThat(file.getFileName().toString())
                                    .matches("\\d{4}-[a-z0-9-]+\\.md");
                            String text = House.read(file);
                            int number =
                                    Integer.parseInt(file.getFileName().toString().substring(0, 4));
                            assertThat(text).startsWith("# " + number + ". ");
                            assertThat(text)
                                    .contains(
                                            "\n## Context\n",
                                            "\n## Decision\n",
                                            "\n## Consequences\n");
                            assertThat(text.length()).isLessThan(5_000);
                        });
    }
}
