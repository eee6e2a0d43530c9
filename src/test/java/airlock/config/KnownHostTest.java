package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHostTest {
    static final String KEY = key("ssh-ed25519", "ssh-ed25519", 32);
    static final String RSA = key("ssh-rsa", "ssh-rsa", 520);

    /// A type and a key, whose blob says that it is of another type.
    private static String key(String type, String inside, int bytes) {
        byte[] name = inside.getBytes(StandardCharsets.US_ASCII);
        byte[] blob =
                ByteBuffer.allocate(Integer.BYTES + name.length + bytes)
                        .putInt(name.length)
                        .put(name)
                        .array();
        return type + " " + Base64.getEncoder().encodeToString(blob);
    }

    @Test
    void aLineHasHostsATypeAndAKey() {
        var host = KnownHost.of("Git.lan.,[git.lan]:2222,[other.lan]:22\t" + KEY + " me@here: it");

        assertThat(host.hosts()).isEqualTo(List.of("git.lan", "[git.lan]:2222", "other.lan"));
        assertThat(host.type()).isEqualTo("ssh-ed25519");
        assertThat(host.line()).isEqualTo("git.lan,[git.lan]:2222,other.lan " + KEY);
        assertThat(KnownHost.of(host.line())).isEqualTo(host).hasSameHashCodeAs(host);
        assertThat(KnownHost.of("git.lan " + RSA).type()).isEqualTo("ssh-rsa");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'@cert-authority *.lan KEY'; has a marker (@cert-authority)",
                "'@revoked git.lan KEY'; has a marker (@revoked)",
                "'|1|c2FsdA==|aGFzaA== KEY'; has a hashed name",
                "'# git.lan KEY'; is a comment",
                "'*.lan KEY'; is not a host name",
                "'!git.lan KEY'; is not a host name",
                "'git.lan,* KEY'; is not a host name",
                "'git.lan, KEY'; is not a host name: it is empty",
                "'192.168.1.7 KEY'; is not a host name: it is an address, not a name",
                "'[::1]:22 KEY'; is not a host name",
                "'git.lan:22 KEY'; is not a host name",
                "'[git.lan]:65536 KEY'; port 65536 is not within 1 to 65535",
                "'[git.lan]:0 KEY'; is not a host name",
                "'git.lan ssh-dss AAAA'; has no known type of key: ssh-dss",
                "'git.lan ssh-ed25519'; is not HOST TYPE KEY",
                "'git.lan ssh-ed25519 AA*A'; has a key that is not base64",
                "'git.lan ssh-ed25519 AAAA'; has a key that is not of type ssh-ed25519",
                "'git.lan OTHER'; has a key that is not of type ssh-ed25519",
                "''; is not HOST TYPE KEY",
            })
    void whatIsNoLineSaysWhy(String text, String why) {
        String line = text.replace("KEY", KEY).replace("OTHER", key("ssh-ed25519", "ssh-rsa", 32));
        assertThatThrownBy(() -> KnownHost.of(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aSecondLineIsNotSmuggledIn() {
        for (String between : List.of("\n", "\r", "\r\n", "\u0000", "\u0085", "\u2028", "\u000b")) {
            assertThatThrownBy(() -> KnownHost.of("git.lan " + KEY + between + "* " + KEY))
                    .hasMessage("is not plain ASCII");
        }
    }

    @Test
    void whateverIsTakenIsOneLineOfNamesAndAKeyOfItsType() {
        var random = new Random(20_261_128);
        String good = "git.lan,[git.lan]:2222 " + KEY + " comment";
        String letters = " ,*?!|@#[]:.-\t\nAZaz09+/=é";
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder(good);
            for (int n = random.nextInt(4); n >= 0; n--) {
                int at = random.nextInt(text.length());
                char letter = letters.charAt(random.nextInt(letters.length()));
                if (random.nextBoolean()) {
                    text.setCharAt(at, letter);
                } else {
                    text.insert(at, letter);
                }
            }
            try {
                String line = KnownHost.of(text.toString()).line();
                taken++;
                assertThat(line)
                        .matches("[a-z0-9.,:\\[\\]-]+ ssh-ed25519 [A-Za-z0-9+/]+={0,2}")
                        .isEqualTo(KnownHost.of(line).line());
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageMatching("(?s)(is|has|port|'.*' is) .*");
            }
        }
        assertThat(taken).isBetween(1_000, 99_000);
    }
}
