package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, ConfigurationPage.text());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md; -Dgolden=update writes it anew")
                .isEqualTo(ConfigurationPage.text());
    }

    @Test
    void eachLimitOfARepositoryFallsBackToTheCommonOne() {
        String page = ConfigurationPage.text();
        int start = page.indexOf("## `repositories[].limits`");
        String limits = page.substring(start, page.indexOf("\n## ", start));
        var rows = limits.lines().filter(line -> line.startsWith("| `")).toList();
        assertThat(rows).hasSize(16).allMatch(row -> row.contains("| that of `limits` |"));
    }

    @Test
    void everyLinkLeadsToAHeading() {
        String page = ConfigurationPage.text();
        var anchors =
                Pattern.compile("(?m)^## (.*)$")
                        .matcher(page)
                        .results()
                        .map(m -> m.group(1).toLowerCase(java.util.Locale.ROOT))
                        .map(h -> h.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                        .toList();
        var links =
                Pattern.compile("]\\(#([^)]*)\\)")
                        .matcher(page)
                        .results()
                        .map(m -> m.group(1))
                        .toList();
        assertThat(links).hasSizeGreaterThan(20);
        assertThat(anchors).doesNotHaveDuplicates().containsAll(links);
    }
}
