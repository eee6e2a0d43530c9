package airlock.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.HostName;
import airlock.event.Secret;
import airlock.sandbox.RecordStream;
import airlock.token.TokenOrder.Credential;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.TokenLimits;
import airlock.token.TokenOrder.Way;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenOrderTest {
    private static final Credential CREDENTIAL =
            new Credential("PRIVATE-TOKEN", new Secret("0123456789"));

    private static TokenOrder order(String name, Set<String> methods) throws Exception {
        var addresses =
                List.of(InetAddress.ofLiteral("192.0.2.7"), InetAddress.ofLiteral("2001:db8::7"));
        return new TokenOrder(
                name,
                new Origin(new HostName("git.example"), 8443, addresses, Optional.empty(), "PEM\n"),
                "/api",
                CREDENTIAL,
                methods,
                TokenLimits.STANDARD);
    }

    static Stream<Way> ways() {
        var address = InetAddress.ofLiteral("2001:db8::3");
        return Stream.of(
                new Way(address, 3128, Optional.empty()),
                new Way(address, 3128, Optional.of(new Secret("Basic 0123456789"))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theWayComesToItsProcessAsItWas(Way way) throws Exception {
        var order = order("forge", Set.of("GET")).by(way);
        itComes(order);
        assertThat(order.first()).isEqualTo(way.address());
        assertThat(order.toString()).doesNotContain("0123456789");
    }

    @Test
    void itComesToItsProcessAsItWas() throws Exception {
        var order = order("forge", Set.of("GET", "POST"));
        itComes(order);
        assertThat(order.first()).isEqualTo(InetAddress.ofLiteral("192.0.2.7"));
    }

    @Test
    void whatHasNeitherAnAddressNorAWayCannotBeStarted() throws Exception {
        var nowhere = new Origin(new HostName("git.example"), 443, List.of(), Optional.empty(), "");
        var order =
                new TokenOrder(
                        "forge",
                        nowhere,
                        "/",
                        CREDENTIAL,
                        TokenOrder.READING,
                        TokenLimits.STANDARD);
        assertThatThrownBy(order::first)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no address");
    }

    private static void itComes(TokenOrder order) throws Exception {
        var bytes = new ByteArrayOutputStream();
        new RecordStream(InputStream.nullInputStream(), bytes).write(order);
        var in = new ByteArrayInputStream(bytes.toByteArray());

        var read = new RecordStream(in, bytes).read(TokenOrder.class);

        assertThat(read).isEqualTo(order);
        assertThat(read.credential().value().reveal()).isEqualTo("0123456789");
    }

    @Test
    void itPrintsWithoutTheToken() throws Exception {
        assertThat(order("forge", TokenOrder.READING).toString()).doesNotContain("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Forge", "a.b", "-a", "a-", "a b", "\u00fc"})
    void aNameThatIsNoPartOfAHostsNameIsNone(String name) {
        assertThatThrownBy(() -> order(name, TokenOrder.READING))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT", "get", "", "G T"})
    void noTokenIsUsedForTheseMethods(String method) {
        assertThatThrownBy(() -> order("forge", Set.of("GET", method)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("method");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Host", "Content-Length", "Connection", "Range", "a:b", "", "X_Y", "A\r\nB"})
    void noTokenIsSentInTheseHeaders(String header) {
        assertThatThrownBy(() -> new Credential(header, new Secret("0123456789")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc123",
                "Bearer abc123",
                "0123456789\r\nX: y",
                "0123456789\u00fc",
                " 0123456789"
            })
    void theseAreNoTokensAndDoNotShow(String value) {
        assertThatThrownBy(() -> new Credential("Authorization", new Secret(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(value);
    }
}
