package airlock.egress;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// TLS hellos as clients and attackers send them.
final class Hello {
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private boolean hasExtensions = true;
    private int version = 0x0303;

    /// The JDK's client's hello, in records.
    static byte[] real(String server, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(server)));
        parameters.setProtocols(protocols);
        engine.setSSLParameters(parameters);
        var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        return bytes;
    }

    /// A hello with a server name only.
    static Hello to(String server) {
        return new Hello().extension(0, serverName(server));
    }

    static Hello toNobody() {
        return new Hello();
    }

    /// A hello without the field of extensions.
    static Hello bare() {
        var hello = new Hello();
        hello.hasExtensions = false;
        return hello;
    }

    static byte[] serverName(String... servers) {
        var list = new ByteArrayOutputStream();
        for (String server : servers) {
            byte[] name = server.getBytes(StandardCharsets.UTF_8);
            list.write(0);
            number(list, name.length);
            list.writeBytes(name);
        }
        var extension = new ByteArrayOutputStream();
        number(extension, list.size());
        extension.writeBytes(list.toByteArray());
        return extension.toByteArray();
    }

    Hello extension(int kind, byte[] content) {
        number(extensions, kind);
        number(extensions, content.length);
        extensions.writeBytes(content);
        return this;
    }

    /// Sets the version field, which servers of TLS 1.3 ignore.
    Hello version(int legacy) {
        version = legacy;
        return this;
    }

    byte[] body() {
        var body = new ByteArrayOutputStream();
        number(body, version);
        body.writeBytes(new byte[32]);
        body.write(0);
        number(body, 2);
        number(body, 0x1301);
        body.write(1);
        body.write(0);
        if (hasExtensions) {
            number(body, extensions.size());
            body.writeBytes(extensions.toByteArray());
        }
        return body.toByteArray();
    }

    byte[] message() {
        byte[] body = body();
        var message = new ByteArrayOutputStream();
        message.write(ClientHello.TYPE);
        message.write(body.length >> 16);
        number(message, body.length & 0xffff);
        message.writeBytes(body);
        return message.toByteArray();
    }

    /// In one record.
    byte[] bytes() {
        return record(22, message());
    }

    /// In records of `size` bytes.
    byte[] inRecordsOf(int size) {
        byte[] message = message();
        var records = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += size) {
            int end = Math.min(message.length, at + size);
            records.writeBytes(record(22, Arrays.copyOfRange(message, at, end)));
        }
        return records.toByteArray();
    }

    static byte[] record(int kind, byte[] content) {
        var record = new ByteArrayOutputStream();
        record.write(kind);
        number(record, 0x0301);
        number(record, content.length);
        record.writeBytes(content);
        return record.toByteArray();
    }

    static byte[] together(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }
}
