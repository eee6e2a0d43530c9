package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.yaml.Binder;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {

    private static Optional<String> letting(AllowList list, String host, int port) {
        return list.letting(new HostName(host), port).map(AllowedHost::toString);
    }

    @Test
    void anEntryIsAHostWithAPortAndMayHaveAnAddress() {
        assertThat(AllowedHost.of("Packages.example.:443"))
                .isEqualTo(
                        new AllowedHost(
                                new HostName("packages.example"),
                                false,
                                443,
                                Optional.empty(),
                                false));
        assertThat(AllowedHost.of("forge.lan:22 = 192.168.1.7").address())
                .contains(InetAddress.ofLiteral("192.168.1.7"));
        assertThat(AllowedHost.of("forge.lan:22=fd00::7").address())
                .contains(InetAddress.ofLiteral("fd00::7"));
        assertThat(AllowedHost.of("*.packages.example"))
                .isEqualTo(
                        new AllowedHost(
                                new HostName("packages.example"),
                                true,
                                443,
                                Optional.empty(),
                                false));
        assertThat(AllowedHost.of("*.packages.example:8443").port()).isEqualTo(8443);
    }

    @ParameterizedTest
    @CsvSource({
        "packages.example, has no port; for https write packages.example:443",
        "packages.example:0, port 0 is not within 1 to 65535",
        "packages.example:70000, port 70000 is not within 1 to 65535",
        "192.168.1.7:22, is not a host name: it is an address",
        "*.packages.example:443 = 192.0.2.1, all hosts of a domain can't have one address",
        "a.example:443 = b.example, has no IPv4 or IPv6 address behind its =",
        "a.example:443 = 127.1, has no IPv4 or IPv6 address",
        "a.example:443 = 010.0.0.1, has no IPv4 or IPv6 address",
        "a.example:443 = fe80::1%eth0, has no IPv4 or IPv6 address",
        "a.example:443 = 0.0.0.0, has an address that no single host has",
        "a.example:443 = 224.0.0.1, has an address that no single host has",
        "a.example:443 = ff02::1, has an address that no single host has",
        "https://a.example, is not HOST:PORT",
        "a.example:443 b.example:443, is not HOST:PORT",
        "'*:443', is not a host name",
        "'', is not HOST:PORT",
    })
    void whatIsNoEntrySaysWhy(String text, String why) {
        assertThatThrownBy(() -> AllowedHost.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void nothingIsLetThatIsNotListed() {
        assertThat(letting(AllowList.NOTHING, "packages.example", 443)).isEmpty();
        var list = AllowListFixture.of("packages.example:443", "*.files.example");
        assertThat(letting(list, "packages.example", 443)).contains("packages.example:443");
        assertThat(letting(list, "a.b.files.example", 443)).contains("*.files.example:443");
        for (String other :
                List.of("www.packages.example", "packages.example.org", "files.example")) {
            assertThat(letting(list, other, 443)).isEmpty();
        }
        assertThat(letting(list, "packages.example", 80)).isEmpty();
        assertThat(letting(list, "a.files.example", 80)).isEmpty();
    }

    @Test
    void theEntryOfAHostGoesBeforeThoseOfDomainsAndALongDomainBeforeAShortOne() {
        var list =
                AllowListFixture.of(
                        "*.b.example", "*.a.b.example", "x.a.b.example:443 = 192.0.2.1");
        assertThat(letting(list, "x.a.b.example", 443)).contains("x.a.b.example:443 = 192.0.2.1");
        assertThat(letting(list, "y.a.b.example", 443)).contains("*.a.b.example:443");
        assertThat(letting(list, "a.b.example", 443)).contains("*.b.example:443");
    }

    @Test
    void anEntryIsShownAsItCanBeWritten() {
        for (String text : List.of("a.example:22", "*.a.example:443", "a.example:1 = 10.0.0.1")) {
            assertThat(AllowedHost.of(text)).hasToString(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.com", "*.example:22", "*.Example.", "*.xn--p1ai"})
    void aWildcardForAWholeTopLevelDomainIsRefused(String text) {
        assertThatThrownBy(() -> AllowedHost.of(text))
                .hasMessageStartingWith("would allow all of *.")
                .hasMessageContaining("a domain needs a dot");
    }

    @Test
    void anEntryIsShownAsAListOfTheConfigurationHasIt() {
        assertThat(AllowedHost.of("a.example:1 = 10.0.0.1").yaml())
                .isEqualTo("a.example:1 = 10.0.0.1");
        assertThat(AllowedHost.of("*.a.example").yaml()).isEqualTo("\"*.a.example:443\"");
        assertThat(
                        Binder.changed(
                                        AllowedHost.of("*.a.example"),
                                        Map.of("encryptedHello", true))
                                .yaml())
                .isEqualTo("{host: \"*.a.example:443\", ech: true}");
        assertThat(
                        Binder.changed(
                                        AllowedHost.of("a.example:1"),
                                        Map.of("comment", "\"a\\b\"\nc: d # e"))
                                .yaml())
                .isEqualTo("{host: \"a.example:1\", comment: \"\\\"a\\\\b\\\" c: d # e\"}");
    }
}
