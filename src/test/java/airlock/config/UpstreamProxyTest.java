package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamProxyTest {
    private final ConfigFixture fixture;

    UpstreamProxyTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    private Optional<UpstreamProxy> proxy(String section) {
        return fixture.config(SMALL + section).upstreamProxy();
    }

    @Test
    void withoutAProxyThisMachineConnectsByItself() {
        assertThat(proxy("")).isEmpty();
    }

    @Test
    void aProxyHasAnAddressAndIsAskedForAddressesUnlessSaidOtherwise() {
        assertThat(proxy("upstream_proxy: {url: \"http://proxy.lan:3128\"}\n"))
                .contains(
                        new UpstreamProxy(
                                URI.create("http://proxy.lan:3128"), "", Optional.empty(), false));
        assertThat(proxy("upstream_proxy: {url: \"http://[::1]/\", resolves: true}\n"))
                .contains(
                        new UpstreamProxy(URI.create("http://[::1]/"), "", Optional.empty(), true));
    }

    @Test
    void itsPasswordIsASecretThatDoesNotShow() {
        var proxy =
                proxy(
                                "upstream_proxy: {url: \"http://p.lan:1\", user: me, password:"
                                        + " {env: TOKEN}}\n")
                        .orElseThrow();

        assertThat(proxy.password()).contains(new Secret("t-123"));
        assertThat(proxy.authorization()).contains("Basic bWU6dC0xMjM=");
        assertThat(proxy.toString()).isEqualTo("p.lan:1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "url: https://p.lan:1; does not begin with http://",
                "url: http://me:secret@p.lan:1; has a user or password in it",
                "url: http://p.lan:1/path; has a path",
                "url: http://p.lan:70000; port 70000 is not within 1 to 65535",
                "url: http://p.lan:0; port 0 is not within 1 to 65535",
                "url: http:///; has no host",
                "user: me; key 'url' is missing",
                "'url: http://p.lan:1, user: me'; user and password belong together",
                "'url: http://p.lan:1, password: {env: TOKEN}'; user and password belong together",
                "'url: http://p.lan:1, user: a:b, password: {env: TOKEN}'; has no colon",
                "'url: http://p.lan:1, password: t-123'; a secret must not be written into this file",
            })
    void whatIsNoProxySaysWhy(String keys, String why) {
        assertThat(fixture.problems(SMALL + "upstream_proxy: {" + keys + "}\n").toString())
                .contains(why)
                .doesNotContain("secret@", "t-123");
    }
}
