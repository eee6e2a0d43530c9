package airlock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.CommitId;
import airlock.event.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordStreamTest {
    private static final Sample SAMPLE =
            new Sample(
                    Path.of("/a/größe"),
                    List.of(InetAddress.ofLiteral("2001:db8::7")),
                    Optional.of(new Secret("s3cret")),
                    new CommitId("12".repeat(20)));

    record Sample(
            Path path, List<InetAddress> addresses, Optional<Secret> secret, CommitId commit) {}

    private static RecordStream in(byte... bytes) {
        return new RecordStream(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
    }

    private static byte[] frame(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
    }

    @Test
    void recordsFollowEachOther() throws IOException {
        var out = new ByteArrayOutputStream();
        var stream = new RecordStream(InputStream.nullInputStream(), out);
        stream.write(SAMPLE);
        stream.write("x");
        var in = in(out.toByteArray());

        assertThat(in.read(Sample.class)).isEqualTo(SAMPLE);
        assertThat(in.read(String.class)).isEqualTo("x");
        assertThatThrownBy(() -> in.read(String.class)).isInstanceOf(EOFException.class);
    }

    @Test
    void aRecordCutShortIsNone() throws IOException {
        var out = new ByteArrayOutputStream();
        new RecordStream(InputStream.nullInputStream(), out).write(SAMPLE);
        for (int length = 0; length < out.size(); length++) {
            byte[] cut = Arrays.copyOf(out.toByteArray(), length);
            assertThatThrownBy(() -> in(cut).read(Sample.class)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aFrameThatClaimsTooMuchIsNotRead() {
        assertThatThrownBy(
                        () -> in((byte) 0x7f, (byte) -1, (byte) -1, (byte) -1).read(String.class))
                .hasMessageContaining("claims");
        assertThatThrownBy(() -> in((byte) -1, (byte) -1, (byte) -1, (byte) -1).read(String.class))
                .hasMessageContaining("claims");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "[]",
                "{\"hex\": \"evil\"}",
                "\"evil\"",
                "{} evil",
                "{\"path\": {}, \"addresses\": [], \"secret\": null, \"commit\": \"evil\"}",
                "{\"path\": \"/\", \"addresses\": [\"evil.example\"], \"secret\": null}"
            })
    void whatIsNoSuchRecordIsRefusedAndNotQuoted(String json) {
        assertThatThrownBy(() -> in(frame(json)).read(Sample.class))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("evil")
                .hasNoCause();
    }
}
