package airlock.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// HTTP as bytes, for what no client library would send.
final class Raw {
    private Raw() {}

    /// Sends `request` as Latin-1 and gives all that comes back before the server closes.
    static String exchange(int port, String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// GET of a target that may be anything.
    static String get(int port, String target) {
        return exchange(
                port, "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    /// The status of an answer.
    static int status(String answer) {
        if (!answer.startsWith("HTTP/1.1 ")) {
            throw new AssertionError("not an answer: '" + answer + "'");
        }
        return Integer.parseInt(answer.substring(9, 12));
    }
}
