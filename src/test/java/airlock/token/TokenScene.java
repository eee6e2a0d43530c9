package airlock.token;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.HostName;
import airlock.egress.Connection;
import airlock.event.Secret;
import airlock.sandbox.Sandbox;
import airlock.token.TokenOrder.Credential;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.TokenLimits;
import airlock.uplink.Frame;
import airlock.uplink.Frame.Data;
import airlock.uplink.Frame.End;
import airlock.uplink.Frame.Kind;
import airlock.uplink.Frame.Open;
import airlock.uplink.Frame.Opened;
import airlock.uplink.Frame.Reset;
import airlock.uplink.Frame.Window;
import airlock.uplink.GuestStream;
import airlock.uplink.TestGuest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// A server with a token, the token's proxy with its real process, and a guest that sends raw bytes
/// on streams.
final class TokenScene implements AutoCloseable {
    static final String HOST = "server.lan";
    static final String TOKEN = "tok_5fBz0Qw9-Lk3/Xy7+Rr8";
    static final String LOCAL = "forge.token.internal";
    static final TokenLimits LIMITS =
            new TokenLimits(Duration.ofSeconds(10), Duration.ofSeconds(20), 32);
    static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    static final Credential BEARER = new Credential("Authorization", new Secret("Bearer " + TOKEN));

    final TokenServer server;
    final HeardLines heard = new HeardLines();
    final TokenProxy proxy;
    final BlockingQueue<Connection> carried = new LinkedBlockingQueue<>();
    final Path homes;
    private final TestGuest guest;
    private int stream = -1;
    private boolean hasEnded;
    private boolean endsThen;
    private byte[] unsaid = {};
    private int at;
    private int granted;
    volatile IntFunction<Optional<String>> cap = _ -> Optional.empty();

    private TokenScene(Path directory, TokenServer server, TokenOrder order, Sandbox walls)
            throws IOException {
        this.server = server;
        this.homes = directory.resolve("token");
        this.proxy = TokenProxy.start(order, walls, homes, heard::said, heard::leaked);
        this.guest =
                TestGuest.greeted(
                        offer -> carried.add(proxy.serve(offer.accept(), more -> cap.apply(more))));
    }

    static TokenScene of(Path directory, TlsKey key) throws IOException {
        return of(directory, key, LIMITS, BEARER);
    }

    static TokenScene of(Path directory, TlsKey key, TokenLimits limits, Credential credential)
            throws IOException {
        var server = new TokenServer(key);
        var order = order(server.port(), key.pem(), limits, credential);
        return of(directory, server, order, Sandbox.NONE);
    }

    /// @param authorities in PEM
    static TokenOrder order(
            int port, String authorities, TokenLimits limits, Credential credential) {
        return new TokenOrder(
                "forge",
                new Origin(
                        new HostName(HOST),
                        port,
                        List.of(InetAddress.getLoopbackAddress()),
                        Optional.empty(),
                        authorities),
                "/api/",
                credential,
                METHODS,
                limits);
    }

    static TokenScene of(Path directory, TokenServer server, TokenOrder order, Sandbox walls)
            throws IOException {
        return new TokenScene(directory, server, order, walls);
    }

    /// The answer on one stream.
    ///
    /// @param text one character per byte
    /// @param isWhole whether it ended, and was not broken off
    record Answer(String text, boolean isWhole) {
        int status() {
            return text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
        }

        String head() {
            return text.substring(0, Math.max(0, text.indexOf("\r\n\r\n")));
        }

        String body() {
            int head = text.indexOf("\r\n\r\n");
            return head < 0 ? "" : text.substring(head + 4);
        }
    }

    /// A whole request that ends its connection.
    static String get(String target, String... headers) {
        return request("GET", target, headers);
    }

    static String request(String method, String target, String... headers) {
        var all =
                Stream.concat(
                                Stream.of("Host: " + LOCAL, "Connection: close"),
                                Arrays.stream(headers))
                        .toList();
        return method + " " + target + " HTTP/1.1\r\n" + String.join("\r\n", all) + "\r\n\r\n";
    }

    /// Sends bytes on a new stream.
    Answer ask(String raw) throws IOException {
        open(raw);
        return answer();
    }

    /// Sends bytes on a new stream, and ends its direction.
    Answer askAndEnd(String raw) throws IOException {
        open(raw);
        end();
        return answer();
    }

    private void end() throws IOException {
        endsThen = true;
        pour();
    }

    /// Sends as much of the rest as the host grants.
    private void pour() throws IOException {
        while (at < unsaid.length && granted > 0) {
            int length = Math.min(Math.min(unsaid.length - at, granted), Frame.MOST_DATA);
            guest.say(new Data(stream, Arrays.copyOfRange(unsaid, at, at + length)));
            at += length;
            granted -= length;
        }
        if (at == unsaid.length && endsThen && !hasEnded) {
            hasEnded = true;
            guest.say(new End(stream));
        }
    }

    void open(String raw) throws IOException {
        stream += 2;
        hasEnded = false;
        endsThen = false;
        unsaid = raw.getBytes(StandardCharsets.ISO_8859_1);
        at = 0;
        granted = GuestStream.WINDOW;
        guest.say(new Open(stream, Kind.HTTP_TOKEN, LOCAL));
        pour();
    }

    /// The answer on the last stream.
    private Answer answer() throws IOException {
        var all = new ByteArrayOutputStream();
        boolean isWhole = hearsAll(all::writeBytes);
        return new Answer(all.toString(StandardCharsets.ISO_8859_1), isWhole);
    }

    /// Reads a long answer on the last stream without keeping it.
    ///
    /// @return the number of bytes, including the head
    long length() throws IOException {
        var count = new AtomicLong();
        assertThat(hearsAll(piece -> count.addAndGet(piece.length))).isTrue();
        return count.get();
    }

    /// Returns whether the stream ended, and was not broken off.
    private boolean hearsAll(Consumer<byte[]> pieces) throws IOException {
        while (true) {
            switch (guest.hears()) {
                case Data(int number, byte[] piece) when number == stream -> {
                    pieces.accept(piece);
                    guest.say(new Window(stream, piece.length));
                }
                case Window(int number, int more) when number == stream -> {
                    granted += more;
                    pour();
                }
                case End(int number) when number == stream -> {
                    at = unsaid.length;
                    end();
                    return true;
                }
                case Reset(int number) when number == stream -> {
                    return false;
                }
                case Opened _, Data _, End _, Reset _, Window _ -> {}
                case Frame other -> throw new AssertionError(other);
            }
        }
    }

    @Override
    public void close() throws IOException {
        guest.close();
        proxy.close();
        server.close();
    }
}
