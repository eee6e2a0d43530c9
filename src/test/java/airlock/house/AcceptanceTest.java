package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Each row of docs/acceptance.md names tests that are there, or says that it is not shown yet.
class AcceptanceTest {
    static final String OPEN = "not shown yet";

    private static final Pattern ROW = Pattern.compile("\\| (\\d+\\.\\d+) \\| (.+?) \\| (.+) \\|");
    private static final Pattern NAMED = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("([a-z]+)\\.([A-Z]\\w+)(?:#(\\w+))?");

    private record Row(String number, String criterion, String shownBy) {}

    private static List<Row> rows(String page) {
        return page.lines()
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .map(row -> new Row(row.group(1), row.group(2), row.group(3)))
                .toList();
    }

    @Test
    void everyRowNamesWhatShowsItOrSaysThatNothingDoes() {
        var rows = rows(House.read("docs/acceptance.md"));
        assertThat(rows).hasSizeGreaterThan(40);
        assertThat(rows)
                .allSatisfy(
                        row -> {
                            if (row.shownBy().startsWith(OPEN)) {
                                return;
                            }
                            assertThat(NAMED.matcher(row.shownBy()).find()).as("" + row).isTrue();
                            assertThat(missing(row.shownBy())).as(row.number()).isEmpty();
                        });
    }

    @Test
    void everyAttackNamesTheTestInWhichItFails() {
        var attacks =
                House.read("docs/security.md")
                        .lines()
                        .filter(line -> line.matches("\\| A\\d+ \\| .*"))
                        .toList();
        assertThat(attacks).hasSizeGreaterThan(80);
        assertThat(attacks).extracting(attack -> attack.split(" ", 3)[1]).doesNotHaveDuplicates();
        for (String attack : attacks) {
            assertThat(attack).contains("#");
            String shownBy = attack.substring(attack.lastIndexOf(" | ", attack.length() - 3));
            assertThat(missing(shownBy)).as(attack).isEmpty();
        }
    }

    @Test
    void noNumberStandsTwice() {
        var seen = new HashSet<String>();
        assertThat(rows(House.read("docs/acceptance.md"))).allMatch(row -> seen.add(row.number()));
    }

    @Test
    void whatIsNotThereIsFound() {
        assertThat(missing("`house.AcceptanceTest#whatIsNotThereIsFound`, `deploy/test.sh`"))
                .isEmpty();
        assertThat(missing("`house.AcceptanceTest#nobodyWroteThis`")).hasSize(1);
        assertThat(missing("`house.NobodyWroteThisTest`, `deploy/nothing.sh`")).hasSize(2);
    }

    /// The names in backticks that are neither a test of this build nor a file of the repository.
    static List<String> missing(String text) {
        var missing = new ArrayList<String>();
        var named = NAMED.matcher(text);
        while (named.find()) {
            String name = named.group(1);
            var test = TEST.matcher(name);
            boolean there =
                    test.matches()
                            ? isTest(test.group(1), test.group(2), test.group(3))
                            : Files.exists(House.ROOT.resolve(name));
            if (!there) {
                missing.add(name);
            }
        }
        return missing;
    }

    private static boolean isTest(String folder, String type, @Nullable String method) {
        Path file = House.ROOT.resolve("src/test/java/airlock/" + folder + "/" + type + ".java");
        return Files.exists(file)
                && (method == null
                        || Pattern.compile("void " + method + "\\(")
                                .matcher(House.read(file))
                                .find());
    }
}
