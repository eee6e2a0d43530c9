package airlock.sandbox;

import airlock.base.Json;
import airlock.event.CommitId;
import airlock.event.Secret;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Records between the server and a child JVM: each is a frame of its length (4 bytes, big endian)
/// and JSON. A child may have met foreign bytes and be taken over, so lengths are checked before
/// anything is allocated, and JSON has the bounds of [Json] and must fit its record exactly.
public final class RecordStream {
    /// Enough for the tips of 100,000 refs.
    private static final int LONGEST = 64 << 20;

    private static final JsonMapper MAPPER =
            Json.STRICT
                    .rebuild()
                    .addModule(
                            // Jackson's own forms look up file systems and host names
                            new Texts()
                                    .add(Path.class, Path::toString, Path::of)
                                    .add(
                                            InetAddress.class,
                                            InetAddress::getHostAddress,
                                            InetAddress::ofLiteral)
                                    .add(CommitId.class, CommitId::hex, CommitId::new)
                                    .add(Secret.class, Secret::reveal, Secret::new))
                    .build();

    private final DataInputStream in;
    private final DataOutputStream out;

    public RecordStream(InputStream in, OutputStream out) {
        this.in = new DataInputStream(in);
        this.out = new DataOutputStream(out);
    }

    /// The child's end. Nothing else can write into it: `System.out` is standard error from now on.
    public static RecordStream ofChild() {
        var stream = new RecordStream(System.in, System.out);
        System.setOut(System.err);
        return stream;
    }

    /// Writes a record, from any thread.
    public synchronized void write(Object value) throws IOException {
        byte[] json = MAPPER.writeValueAsBytes(value);
        if (json.length > LONGEST) {
            throw new IOException("a frame of " + json.length + " bytes is too long to send");
        }
        out.writeInt(json.length);
        out.write(json);
        out.flush();
    }

    /// Reads the next record. Error messages quote nothing of it: it may have secrets, or come from
    /// a child that was taken over.
    ///
    /// @throws EOFException if the stream ends before or within it
    public <T> T read(Class<T> type) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a frame claims to have " + length + " bytes");
        }
        byte[] json = in.readNBytes(length);
        if (json.length < length) {
            throw new EOFException("a frame ends after " + json.length + " bytes");
        }
        try {
            T value = MAPPER.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (JacksonException | IllegalArgumentException _) {
            // malformed, or refused by the record's own checks: as bad as null
        }
        throw new IOException("a frame is not a " + type.getSimpleName());
    }

    /// Halts this JVM when the server has ended, whatever it is doing then.
    public void haltAtEnd() {
        Thread.ofPlatform().daemon().name("parent").start(this::awaitEnd);
    }

    private void awaitEnd() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }

    private static final class Texts extends SimpleModule {
        <T> Texts add(Class<T> type, Function<T, String> write, Function<String, T> read) {
            addSerializer(
                    type,
                    new ValueSerializer<>() {
                        @Override
                        public void serialize(
                                T value, JsonGenerator out, SerializationContext context) {
                            out.writeString(write.apply(value));
                        }
                    });
            addDeserializer(
                    type,
                    new ValueDeserializer<>() {
                        @Override
                        public T deserialize(JsonParser in, DeserializationContext context) {
                            return read.apply(context.readValue(in, String.class));
                        }
                    });
            return this;
        }
    }
}
