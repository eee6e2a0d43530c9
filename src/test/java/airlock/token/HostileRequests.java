package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.LOCAL;

import java.util.List;
import java.util.Random;

/// Hostile requests, made from pieces that servers are known to read in different ways.
final class HostileRequests {
    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "GET",
                    "HEAD",
                    "POST",
                    "DELETE",
                    "TRACE",
                    "CONNECT",
                    "get",
                    "G\u0000ET",
                    "");
    private static final List<String> TARGETS =
            List.of(
                    "/api/x",
                    "/api/x?y",
                    "/admin",
                    "/api/../admin",
                    "/api/%2e%2e/admin",
                    "//admin",
                    "http://evil.example/admin",
                    "http://" + LOCAL + "/admin",
                    "*",
                    "/api/..;/admin",
                    "/api\\..\\admin",
                    "/api/%2fadmin",
                    "/api/x HTTP/1.1\r\nX: y",
                    "/api/@s%2f../x",
                    "/api/x\u0000/admin",
                    "/api/%",
                    "/API/x",
                    "/api",
                    "/apix",
                    "?/api/",
                    "/%61pi/");
    private static final List<String> VERSIONS =
            List.of(
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.0",
                    "HTTP/2.0",
                    "HTTP/0.9",
                    "XTTP/1.1");
    private static final List<String> HEADERS =
            List.of(
                    "Host: " + LOCAL,
                    "Host: " + HOST,
                    "Host: evil.example",
                    "Content-Length: 3",
                    "Content-Length: 0",
                    "Content-Length: 30",
                    "Content-Length: -1",
                    "Content-Length: 3, 3",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked, identity",
                    "Transfer-Encoding: x",
                    "Transfer-Encoding : chunked",
                    " folded",
                    "Connection: close",
                    "Connection: upgrade",
                    "Upgrade: h2c",
                    "Expect: 100-continue",
                    "Expect: x",
                    "Authorization: Bearer mine",
                    "Authorization : x",
                    "X: \u00fc",
                    "X: \u0000",
                    "X-HTTP-Method-Override: DELETE",
                    "X-Original-URL: /admin",
                    "Range: bytes=0-1",
                    "",
                    "X",
                    ": y",
                    "Trailer: Authorization",
                    "TE: trailers");
    private static final List<String> ENDS =
            List.of("\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n", "");
    private static final List<String> BODIES =
            List.of(
                    "",
                    "abc",
                    "0\r\n\r\n",
                    "3\r\nabc\r\n0\r\n\r\n",
                    "3;x\nabc\n0\n\n",
                    "0\r\nAuthorization: x\r\n\r\n",
                    "ffffffffffffffff\r\n",
                    "-1\r\n\r\n",
                    "GET /admin HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n",
                    "0\r\n\r\nDELETE /admin HTTP/1.1\r\nHost: " + LOCAL + "\r\n\r\n");
    private static final int MOST_HEADERS = 5;

    private final Random random;

    HostileRequests(long seed) {
        this.random = new Random(seed);
    }

    private String any(List<String> pieces) {
        return pieces.get(random.nextInt(pieces.size()));
    }

    /// One to three requests, most of them with a fault, as one character per byte.
    String next() {
        var raw = new StringBuilder();
        for (int request = random.nextInt(3); request >= 0; request--) {
            raw.append(random.nextInt(4) == 0 ? good() : composed());
        }
        for (int change = random.nextInt(4) - 1; change > 0 && !raw.isEmpty(); change--) {
            mutate(raw);
        }
        return raw.toString();
    }

    private String good() {
        return "GET /api/x HTTP/1.1\r\nHost: " + LOCAL + "\r\n\r\n";
    }

    private String composed() {
        var raw = new StringBuilder();
        String end = random.nextInt(3) > 0 ? "\r\n" : any(ENDS);
        raw.append(any(METHODS)).append(' ').append(any(TARGETS)).append(' ').append(any(VERSIONS));
        raw.append(end);
        if (random.nextInt(5) > 0) {
            raw.append("Host: ").append(LOCAL).append("\r\n");
        }
        for (int header = random.nextInt(MOST_HEADERS); header > 0; header--) {
            raw.append(any(HEADERS)).append(random.nextInt(4) > 0 ? "\r\n" : any(ENDS));
        }
        return raw.append(end).append(any(BODIES)).toString();
    }

    private void mutate(StringBuilder raw) {
        int at = random.nextInt(raw.length());
        switch (random.nextInt(4)) {
            case 0 -> raw.setCharAt(at, (char) random.nextInt(256));
            case 1 -> raw.insert(at, (char) random.nextInt(256));
            case 2 -> raw.deleteCharAt(at);
            default ->
                    raw.insert(
                            at, raw.substring(at, Math.min(raw.length(), at + random.nextInt(20))));
        }
    }
}
