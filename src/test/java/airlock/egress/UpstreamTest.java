package airlock.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
    private static final String GOOD =
            "HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n";

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String refusal(String text) throws IOException {
        return Upstream.refusal(in(text)::read).orElse("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "HTTP/1.0 200\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 204 \r\nX: \r\r\n\r\n",
            })
    void whatLiesBehindTheHeadIsLeftForTheClient(String head) throws IOException {
        var in = in(head + "SSH-2.0-host\r\n\r\n");

        assertThat(Upstream.refusal(in::read)).isEmpty();
        assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("SSH-2.0-host\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "SSH-2.0-host\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "http/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200OK\r\n\r\n",
                "HTTP/1.1 200 OK\nLocation: x\r\n\r\n",
                "\u0000HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
            })
    void whatIsNoAnswerInHttpIsRefused(String head) throws IOException {
        assertThat(refusal(head)).isEqualTo("did not answer in HTTP");
    }

    @Test
    void nothingButSuccessIsTakenAndNothingIsFollowed() throws IOException {
        for (int code = 100; code < 600; code++) {
            String head = "HTTP/1.1 %d X\r\nLocation: http://evil.example/\r\n\r\n".formatted(code);
            if (code >= 200 && code < 300) {
                assertThat(refusal(head)).isEmpty();
            } else {
                assertThat(refusal(head)).contains(Integer.toString(code)).doesNotContain("evil");
            }
        }
        assertThat(refusal("HTTP/1.1 407 Auth\r\n\r\n")).contains("user and password");
    }

    @Test
    void aHeadWithoutEndIsRefusedInBoundedMemory() throws IOException {
        for (String each : new String[] {"\r", "\n", "x", "\nx", "X: y\r\n"}) {
            var in = in("HTTP/1.1 200 OK\r\n" + each.repeat(100_000));
            int all = in.available();

            assertThat(Upstream.refusal(in::read)).isPresent();
            assertThat(all - in.available()).isLessThanOrEqualTo(Upstream.LONGEST_HEAD + 1);
        }
        assertThat(refusal("HTTP/1.1 200 OK\r\nX: y\r\n")).contains("hung up");
        assertThat(refusal("")).contains("hung up");
    }

    @Test
    void whateverAProxySaysIsAnAnswerOrARefusalAndWordsOfItsOwnNeverShow() throws IOException {
        var random = new Random(33);
        byte[] good = GOOD.getBytes(StandardCharsets.ISO_8859_1);
        int connected = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                int at = random.nextInt(bytes.length);
                bytes[at] =
                        random.nextBoolean()
                                ? (byte) random.nextInt(256)
                                : bytes[random.nextInt(bytes.length)];
            }
            var why = Upstream.refusal(new ByteArrayInputStream(bytes)::read);
            connected += why.isEmpty() ? 1 : 0;
            assertThat(why.orElseGet(() -> new String(bytes, StandardCharsets.ISO_8859_1)))
                    .matches(
                            why.isEmpty()
                                    ? "(?s)HTTP/1\\.[01] 2[0-9]{2}[ \r].*\r\n\r\n.*"
                                    : "hung up before it had answered|did not answer in HTTP"
                                            + "|answered [1-5][0-9]{2}|wants a user and .*");
        }
        assertThat(connected).isBetween(1_000, 99_000);
    }
}
