package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.control.Command;
import airlock.control.ControlException;
import airlock.control.Reply;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.site.Core;
import airlock.store.Database;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which repositories a token is for: none that the operator may not have meant.
class TokenCommandsTest {
    @TempDir Path folder;
    private Database database;
    private TokenCommands commands;
    private final List<Reply> replies = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("airlock.db"));
        commands =
                new TokenCommands(
                        Core.of(
                                config(),
                                folder,
                                database,
                                MachineHealth.unknown(),
                                InstantSource.system()));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private AirlockConfig config() throws IOException {
        Path file = folder.resolve("airlock.yaml");
        Files.writeString(
                file,
                """
                base_url: https://ci.example.org
                forges:
                  berg: {kind: forgejo, url: https://berg.example.org, token: {env: TOKEN}}
                  tal: {kind: gitea, url: https://tal.example.org, token: {env: TOKEN}}
                repositories:
                - {name: alice/hello, forge: berg, id: 1, url: https://berg.example.org/alice/hello, hook_secret: {env: TOKEN}}
                - {name: alice/hello, forge: tal, id: 1, url: https://tal.example.org/alice/hello, hook_secret: {env: TOKEN}}
                - {name: alice/new, forge: tal, url: https://tal.example.org/alice/new, hook_secret: {env: TOKEN}}
                """);
        return ReadingFixture.value(
                new ConfigReader(Map.of("TOKEN", "0123456789abcdef")).read(file));
    }

    private Reply make(String... repositories) {
        replies.clear();
        return commands.make(
                new Command.NewToken("one", List.of(repositories), 90), "ada", replies::add);
    }

    private void refused(String reason, String... repositories) {
        assertThatThrownBy(() -> make(repositories))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining(reason);
        assertThat(replies).isEmpty();
        commands.list(replies::add);
        assertThat(replies).as("nothing half").isEmpty();
    }

    @Test
    void aNameThatTwoForgesHaveOpensNeither() {
        refused("say FORGE/alice/hello", "alice/hello");
        assertThat(make("tal/alice/hello")).isEqualTo(new Reply.Done(""));
        replies.clear();
        commands.list(replies::add);
        assertThat(replies)
                .singleElement()
                .isInstanceOfSatisfying(
                        Reply.Token.class,
                        token ->
                                assertThat(token.repositories())
                                        .containsExactly("tal/alice/hello"));
    }

    @Test
    void oneWrongNameMakesNoTokenAtAll() {
        refused("no repository 'alice/none'", "berg/alice/hello", "alice/none");
    }

    @Test
    void aRepositoryThatHasNoIdYetCanNotBeOpened() {
        refused("set `id:` in the configuration", "alice/new");
    }
}
