package airlock.config;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig.Listen;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Position;
import airlock.yaml.Problems;
import airlock.yaml.Type;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    private final Problems problems = new Problems("f");

    private <T> Optional<T> read(Type<T> type, String text) {
        return type.read(new Scalar(Position.START, ScalarType.TEXT, text), problems.top());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8080,127.0.0.1,8080",
        "localhost:0,localhost,0",
        "[::1]:80,::1,80",
        "0.0.0.0:65535,0.0.0.0,65535"
    })
    void addressesToListenOnAreTakenApart(String text, String host, int port) {
        assertThat(read(Addresses.listen(), text)).contains(new Listen(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", ":8080", "localhost", "::1:80", "[::1]", "a:65536", "a:-1"})
    void whatIsNoAddressToListenOnIsRefused(String text) {
        assertThat(read(Addresses.listen(), text)).isEmpty();
        assertThat(problems.errors()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ci.example.org",
                "https://ci.example.org/",
                "https://ci.example.org//"
            })
    void aWebAddressLosesTheSlashAtItsEnd(String text) {
        assertThat(read(Addresses.web(), text)).contains(URI.create("https://ci.example.org"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://b.example.org/a/b.git",
                "http://127.0.0.1:3000/a/b",
                "ssh://git@b.example.org:2222/a/b.git"
            })
    void whatGitFetchesFromStaysAsItIs(String text) {
        assertThat(read(Addresses.fetch(), text)).contains(URI.create(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/b",
                "/srv/git/a.git",
                "file:///srv/git/a.git",
                "git://b/a",
                "ext::sh -c id",
                "HTTPS://b/a",
                "https://b/a?x",
                "https://b/a#x",
                "https:/b/a",
                "ssh://-oProxy/a b",
                "ssh://u:secretword@b/a",
                "https://secretword@b/a",
                "https://u:secretword@b/a b"
            })
    void whatGitMustNotFetchFromIsRefusedWithoutShowingPasswords(String text) {
        assertThat(read(Addresses.fetch(), text)).isEmpty();
        assertThat(only(problems.listErrors())).doesNotContain("secretword");
    }

    @Test
    void loopbackAndTlsExposeNothing() {
        assertThat(Addresses.isExposed(URI.create("https://b.example.org"))).isFalse();
        assertThat(Addresses.isExposed(URI.create("http://127.0.0.1:3000"))).isFalse();
        assertThat(Addresses.isExposed(URI.create("http://localhost/x"))).isFalse();
        assertThat(Addresses.isExposed(URI.create("http://[::1]:3000"))).isFalse();
        assertThat(Addresses.isExposed(URI.create("http://127.0.0.1.example.org"))).isTrue();
        assertThat(Addresses.isExposed(URI.create("http://192.168.0.2"))).isTrue();
    }
}
