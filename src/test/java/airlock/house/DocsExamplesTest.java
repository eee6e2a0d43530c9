package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import airlock.cli.AirlockCommand;
import airlock.config.ConfigReader;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.yaml.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that commands and files in the documents are valid.
class DocsExamplesTest {
    private static final Pattern SECRET = Pattern.compile("\\{file: ([^}]+)}");
    private static final Pattern KNOWN_HOSTS = Pattern.compile("known_hosts: (\\S+)");

    /// The commands of all `sh` blocks, with the page they stand on.
    private static Stream<String[]> commands() {
        return DocsTest.blocks("sh").stream()
                .flatMap(
                        block ->
                                block.text()
                                        .lines()
                                        .map(line -> line.replace("runuser -u airlock -- ", ""))
                                        .map(line -> new String[] {"" + block.page(), line}))
                .filter(command -> command[1].startsWith("airlock "));
    }

    private static List<String> yaml(String key) {
        return DocsTest.blocks("yaml").stream()
                .map(DocsTest.Block::text)
                .filter(text -> Pattern.compile("(?m)^(" + key + "):").matcher(text).find())
                .toList();
    }

    @Test
    void everyCommandIsOneOfTheCommandLines() {
        assertThat(commands()).hasSizeGreaterThan(4);
        assertThat(commands().toList())
                .allSatisfy(
                        command -> {
                            String typed = command[1].replaceAll("\\s+#.*", "").replace("'", "");
                            String[] words = typed.substring("airlock ".length()).split("\\s+");
                            assertThatCode(() -> AirlockCommand.commandLine().parseArgs(words))
                                    .as("%s: %s", command[0], command[1])
                                    .doesNotThrowAnyException();
                        });
    }

    @Test
    void everyConfigurationReadsWithoutAProblem(@TempDir Path temp) throws IOException {
        var examples = yaml("base_url");
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            Path file = temp.resolve("airlock.yaml");
            Files.writeString(file, example);
            for (Pattern named : List.of(SECRET, KNOWN_HOSTS)) {
                for (var secret : named.matcher(example).results().toList()) {
                    makeSecret(temp.resolve(secret.group(1)));
                }
            }
            assertThat(new ConfigReader(Map.of()).read(file))
                    .as(example)
                    .isInstanceOfSatisfying(
                            Reading.Read.class,
                            read -> assertThat((List<?>) read.warnings()).isEmpty());
        }
    }

    private static void makeSecret(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "0123456789abcdef0123456789abcdef");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void everyPlanReadsWithoutAProblem() {
        var examples = yaml("pre_plan|plan|post_plan");
        assertThat(examples).hasSizeGreaterThan(1);
        for (String example : examples) {
            var reading =
                    new PlanReader()
                            .read(PlanFile.AIRLOCK, example.getBytes(StandardCharsets.UTF_8));
            assertThat(reading).as(example).isInstanceOf(PlanReading.Read.class);
        }
    }
}
