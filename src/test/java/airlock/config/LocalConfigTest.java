package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Problem;
import airlock.yaml.Reading;
import airlock.yaml.ReadingFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The part of the server's file that runs without a server use.
class LocalConfigTest {
    @TempDir Path directory;

    private Reading<LocalConfig> read(String text) {
        Path file = new ConfigFixture(directory).write("airlock.yaml", text, "rw-r--r--");
        return new ConfigReader(Map.of()).readLocal(file);
    }

    private LocalConfig config(String text) {
        return ReadingFixture.value(read(text));
    }

    @Test
    void theServersOwnFileIsReadWithoutAnyOfItsSecrets() {
        var config =
                config(
                        ConfigFixture.SMALL
                                + """
                                  network: {pre_plan: {allow: [mirror.example:443]}}
                                  limits: {memory: 1GiB}
                                mirrors: {npm: "https://mirror.example/npm"}
                                limits: {cpus: 4}
                                """);
        var repository = config.repository("Alice/Hello").orElseThrow();
        assertThat(repository.limits().memory()).isEqualTo(1L << 30);
        assertThat(repository.limits().cpus()).isEqualTo(4);
        assertThat(repository.image()).isEqualTo("debian-13");
        assertThat(repository.network().prePlan().isNothing()).isFalse();
        assertThat(config.destinations().mirrors()).containsKey(Mirror.NPM);
        assertThat(config.state()).isEmpty();
    }

    @Test
    void aFileWithNothingElseWillDoAndMistakesInItAreTold() {
        assertThat(config("mirrors: {pip: \"https://mirror.example/simple\"}\n").repositories())
                .isEmpty();
        assertThat(
                        switch (read("mirors: {}\nlimits: {cpus: 0}\nbase_url: 1\n")) {
                            case Reading.Read<LocalConfig> read -> List.of(read.toString());
                            case Reading.Invalid<LocalConfig>(var problems, _, _) ->
                                    problems.stream().map(Problem::toString).toList();
                        })
                .hasSize(2)
                .anyMatch(line -> line.contains("did you mean 'mirrors'?"))
                .anyMatch(line -> line.contains("limits.cpus"));
    }

    @Test
    void aCheckoutsRepositoryIsFoundByItsRemotesThenItsDirectoryThenAsTheOnlyOne() {
        var one = config("repositories: [{name: alice/hello}]");
        var two = config("repositories: [{name: alice/hello}, {name: bob/world}]");
        assertThat(found(two, "world", "git@forge.example:alice/hello.git"))
                .hasValue("alice/hello");
        assertThat(found(two, "x", "https://forge.example/Bob/World/")).hasValue("bob/world");
        assertThat(found(two, "world", "https://forge.example/malice/hello")).hasValue("bob/world");
        assertThat(found(two, "x")).isEmpty();
        assertThat(found(one, "x")).hasValue("alice/hello");
    }

    private static Optional<String> found(LocalConfig config, String folder, String... remotes) {
        return config.repositoryOf(List.of(remotes), folder).map(LocalConfig.Repository::name);
    }
}
