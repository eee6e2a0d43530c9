package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RepositoryId;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.operator.SecretCommands.SecretHealth;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.site.Core;
import airlock.store.Database;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands about secrets, and their answers.
class SecretCommandsTest {
    private static final RepositoryId HELLO = new RepositoryId("berg", "1");
    private static final String VALUE = "a-very-secret-value";

    @TempDir Path folder;
    private Database database;
    private Core core;
    private ValueCommands values;
    private SecretCommands commands;
    private final List<Reply> replies = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("airlock.db"));
        core = Core.of(config(), folder, database, MachineHealth.unknown(), InstantSource.system());
        values = new ValueCommands(core);
        commands = new SecretCommands(core);
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
                state: %s
                forges:
                  berg: {kind: forgejo, url: https://berg.example.org, token: {env: TOKEN}}
                repositories:
                - name: alice/hello
                  forge: berg
                  id: 1
                  url: https://berg.example.org/alice/hello
                  hook_secret: {env: TOKEN}
                  secrets:
                    agent: [{users: [git], hosts: [git.example]}]
                    tokens: [{name: registry, host: registry.example}]
                    files: [{name: dput.cf}]
                    variables: [{name: PASSWORD}]
                  network:
                    known_hosts:
                      - git.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
                """
                        .formatted(folder));
        return ReadingFixture.value(
                new ConfigReader(Map.of("TOKEN", "0123456789abcdef")).read(file));
    }

    private Reply set(String kind, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return values.set(
                new Command.SetSecret(
                        "alice/hello", kind, name, Base64.getEncoder().encodeToString(bytes)),
                "ada");
    }

    private static String message(Reply reply) {
        return switch (reply) {
            case Reply.Done(var message) -> "done: " + message;
            case Reply.Problem(var message) -> "problem: " + message;
            default -> throw new AssertionError(reply);
        };
    }

    private String kept(SecretKind kind, String name) {
        return core.keys()
                .secrets()
                .values()
                .open(HELLO, kind, name)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("none");
    }

    private List<Reply> list(String repository) {
        replies.clear();
        assertThat(commands.list(repository, replies::add)).isEqualTo(new Reply.Done(""));
        return List.copyOf(replies);
    }

    @Test
    void theConfigurationSaysOfWhichKindAValueIs() {
        assertThat(message(set("", "registry", VALUE)))
                .isEqualTo("done: kept the token 'registry' of alice/hello");
        assertThat(message(set("", "registry", VALUE + "2")))
                .startsWith("done: replaced the token");
        assertThat(message(set("", "dput.cf", VALUE))).contains("the file");
        assertThat(message(set("", "PASSWORD", VALUE))).contains("the variable");
        assertThat(kept(SecretKind.TOKEN, "registry")).isEqualTo(VALUE + "2");
        assertThat(message(set("", "regstry", VALUE)))
                .startsWith("problem:")
                .contains("no token, file or variable 'regstry'", "PASSWORD, dput.cf, registry");
        assertThat(message(set("token", "regstry", VALUE))).startsWith("done:");
        assertThat(message(set("hat", "registry", VALUE))).startsWith("problem:");
    }

    @Test
    void aLineBreakAtTheEndIsLeftOutOfTokensAndVariablesWithAWordAboutIt() {
        assertThat(message(set("", "registry", VALUE + "\n"))).contains("line break");
        assertThat(kept(SecretKind.TOKEN, "registry")).isEqualTo(VALUE);
        set("", "PASSWORD", VALUE + "\r\n");
        assertThat(kept(SecretKind.VARIABLE, "PASSWORD")).isEqualTo(VALUE);
        assertThat(message(set("", "dput.cf", VALUE + "\n"))).doesNotContain("line break");
        assertThat(kept(SecretKind.FILE, "dput.cf")).isEqualTo(VALUE + "\n");
    }

    @Test
    void whatCanNotBeOneIsRefusedAndNotRepeated() {
        for (String value : List.of("", "\n", VALUE + "\nX-Other: header", VALUE + "\u00e4")) {
            assertThat(message(set("", "registry", value)))
                    .startsWith("problem:")
                    .contains("nothing was changed")
                    .doesNotContain("very-secret");
        }
        assertThat(message(set("", "PASSWORD", "a\0b"))).contains("NUL");
        assertThat(message(set("file", "../x", VALUE))).startsWith("problem:");
        assertThat(message(set("file", "ssh_key", VALUE))).startsWith("problem:");
        assertThat(message(set("certificate", "deploy", VALUE)))
                .startsWith("problem:")
                .contains("no key 'deploy'");
        assertThat(list("")).isEmpty();
        assertThat(
                        message(
                                values.set(
                                        new Command.SetSecret("alice/hello", "", "registry", "%"),
                                        "ada")))
                .contains("did not arrive whole");
    }

    @Test
    void ofAShortValueItWarnsThatLogsWillShowIt() {
        assertThat(message(set("", "registry", "12345"))).contains("warning", "logs");
        assertThat(message(set("", "registry", "123456"))).doesNotContain("warning");
    }

    @Test
    void theListHasWhatIsKeptWithoutAnyValue() {
        commands.makeKey(new Command.NewSecret("alice/hello", "deploy"), "ada", replies::add);
        set("", "registry", VALUE);
        assertThat(list("alice/hello"))
                .hasSize(2)
                .allSatisfy(
                        reply ->
                                assertThat(reply.toString())
                                        .contains("alice/hello", "ada")
                                        .doesNotContain(VALUE));
        assertThat(list("berg/alice/hello")).hasSize(2);
        assertThat(list("bob/other")).isEmpty();
    }

    @Test
    void aKeysLineIsSaidForItsUseAndWrittenDown() {
        commands.makeKey(new Command.NewSecret("alice/hello", "deploy"), "ada", replies::add);
        var key = core.keys().secrets().keys().find(HELLO, "deploy").orElseThrow();
        assertThat(commands.line(new Command.SecretLine("alice/hello", "deploy", "rsync:/srv/w")))
                .isEqualTo(
                        new Reply.Done(
                                "restrict,command=\"rrsync -wo /srv/w\" " + key.publicLine()));
        assertThat(core.keys().secrets().keys().find(HELLO, "deploy").orElseThrow().usedFor())
                .isEqualTo("rsync:/srv/w");
        assertThat(message(commands.line(new Command.SecretLine("alice/hello", "deploy", "all"))))
                .startsWith("problem:")
                .contains("rsync:DIRECTORY");
        assertThat(message(commands.line(new Command.SecretLine("alice/hello", "x", "git"))))
                .contains("no key 'x'");
    }

    @Test
    void oneIsForgottenByItsNameUnlessSeveralHaveIt() {
        commands.makeKey(new Command.NewSecret("alice/hello", "registry"), "ada", replies::add);
        set("", "registry", VALUE);
        assertThat(message(remove(""))).contains("'registry' is a key and a token; say --kind");
        assertThat(message(remove("token")))
                .isEqualTo("done: removed the token 'registry' of alice/hello");
        assertThat(message(remove(""))).contains("removed the key");
        assertThat(message(remove(""))).contains("no secret 'registry'");
        assertThat(list("")).isEmpty();
    }

    private Reply remove(String kind) {
        return commands.remove(new Command.RemoveSecret("alice/hello", kind, "registry"), "ada");
    }

    @Test
    void aNewMasterKeyIsToldWithHowManyItSeals() throws Exception {
        assertThat(message(commands.rotate("ada"))).contains("no master key yet");
        set("", "registry", VALUE);
        assertThat(message(commands.rotate("ada")))
                .isEqualTo("done: 1 secrets are sealed with the new master key");
        assertThat(kept(SecretKind.TOKEN, "registry")).isEqualTo(VALUE);
    }

    @Test
    void theDoctorHearsWhatIsMissingAndWhatIsNotRestricted() {
        var health = new SecretHealth(core);
        assertThat(problems(health))
                .contains(
                        "no value for the token 'registry'",
                        "no value for the file 'dput.cf'",
                        "no value for the variable 'PASSWORD'",
                        "no SSH key 'deploy'");
        set("", "registry", VALUE);
        commands.makeKey(new Command.NewSecret("alice/hello", "deploy"), "ada", replies::add);
        assertThat(problems(health))
                .doesNotContain("registry", "no SSH key")
                .contains("the SSH key 'deploy' of alice/hello may be unrestricted");
        commands.line(new Command.SecretLine("alice/hello", "deploy", "git"));
        assertThat(problems(health)).doesNotContain("deploy");
    }

    private String problems(SecretHealth health) {
        replies.clear();
        health.problems(replies::add);
        return replies.toString();
    }

    @Test
    void aCommandWithAValueDoesNotPrintIt() {
        assertThat(new Command.SetSecret("alice/hello", "", "registry", "c2VjcmV0").toString())
                .isEqualTo("SetSecret[alice/hello, , registry, ***]");
    }
}
