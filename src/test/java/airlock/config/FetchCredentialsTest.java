package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchCredentialsTest {
    private static final String SSH =
            SMALL.replace("https://berg.example.org/alice", "ssh://git@berg.example.org/alice");

    @TempDir private Path directory;
    private ConfigFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ConfigFixture(directory);
        fixture.write("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n", "rw-------");
    }

    private FetchCredentials credentials(String text) {
        return fixture.config(text).repositories().getFirst().credentials();
    }

    @Test
    void aTokenGoesWithAUserNameThatMostForgesTake() {
        assertThat(credentials(SMALL + "  credentials: {token: {env: TOKEN}}\n"))
                .isEqualTo(new FetchCredentials.Token("x-access-token", new Secret("t-123")));
        assertThat(credentials(SMALL + "  credentials: {token: {env: TOKEN}, user: bot}\n"))
                .isEqualTo(new FetchCredentials.Token("bot", new Secret("t-123")));
    }

    @Test
    void withoutCredentialsTheForgesTokenIsForTheForgesOwnAddressAlone() {
        var none = new FetchCredentials.None();
        var token = new FetchCredentials.ForgeToken(new Secret("t-123"));
        assertThat(credentials(SMALL)).isEqualTo(token);
        assertThat(credentials(at("https://BERG.example.org:443/"))).isEqualTo(token);
        assertThat(credentials(at("https://berg.example.org:8443/"))).isEqualTo(none);
        assertThat(credentials(at("https://git.berg.example.org/"))).isEqualTo(none);
        assertThat(credentials(at("https://berg.example.org.evil.example/"))).isEqualTo(none);
        assertThat(credentials(at("http://berg.example.org/"))).isEqualTo(none);
        String clear = SMALL.replace("https://berg", "http://berg");
        assertThat(credentials(clear)).as("over a network in clear").isEqualTo(none);
        assertThat(credentials(SMALL.replace("https://berg.example.org", "http://127.0.0.1:3000")))
                .isEqualTo(token);
    }

    /// With the repository fetched from elsewhere.
    private static String at(String place) {
        return SMALL.replace("https://berg.example.org/alice", place + "alice");
    }

    @Test
    void aKeyKeepsItsLines() {
        fixture.write("hosts", "berg ssh-ed25519 AAAA\n", "rw-r--r--");
        assertThat(credentials(SSH + "  credentials: {ssh_key: {file: key}, known_hosts: hosts}\n"))
                .isEqualTo(
                        new FetchCredentials.SshKey(
                                new Secret("-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n"),
                                directory.resolve("hosts")));
    }

    @Test
    void hostKeysMustBeThere() {
        assertThat(
                        fixture.problems(
                                SSH
                                        + "  credentials: {ssh_key: {file: key}, known_hosts:"
                                        + " hosts}\n"))
                .containsExactly(
                        "airlock.yaml:9:52: repositories[0].credentials.known_hosts: no file hosts;"
                                + " write the forge's host keys into it: `ssh-keyscan HOST > hosts`");
    }

    @Test
    void whatDoesNotGoWithTheAddressIsRefused() {
        fixture.write("hosts", "berg ssh-ed25519 AAAA\n", "rw-r--r--");
        assertThat(fixture.problems(SSH + "  credentials: {token: {env: TOKEN}}\n"))
                .containsExactly(
                        "airlock.yaml:9:24: repositories[0].credentials.token: a token can't be used"
                                + " with ssh://; expected ssh_key");
        assertThat(
                        fixture.problems(
                                SMALL
                                        + "  credentials: {ssh_key: {file: key}, known_hosts:"
                                        + " hosts}\n"))
                .containsExactly(
                        "airlock.yaml:9:26: repositories[0].credentials.ssh_key: an SSH key can't"
                                + " be used with https://; expected token");
    }

    @Test
    void bothAtOnceIsRefused() {
        String both = "  credentials: {ssh_key: {file: key}, token: {env: TOKEN}}\n";
        assertThat(fixture.problems(SMALL + both))
                .containsExactly(
                        "airlock.yaml:9:3: repositories[0].credentials: one of token and ssh_key"
                                + " must be there, and not both");
    }

    @Test
    void aRepositoryOfAnotherConfigurationHasNoForgeHere() {
        AirlockConfig one = fixture.config(SMALL);
        AirlockConfig other = fixture.config(SMALL.replace("berg", "tal"));
        assertThatThrownBy(() -> one.forgeOf(other.repositories().getFirst()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no forge 'tal'");
    }
}
