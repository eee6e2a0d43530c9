package airlock.token;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/// Decides whether a request may go on to the token's server, and with which headers.
final class RequestRule {
    private static final int BAD = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_ALLOWED = 405;
    private static final int MISDIRECTED = 421;
    private static final int OLD = 505;
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD");

    private final TokenOrder order;
    private final PathRule paths;
    private final HttpUrl base;

    RequestRule(TokenOrder order) {
        this.order = order;
        this.paths = new PathRule(order.pathPrefix());
        this.base =
                new HttpUrl.Builder()
                        .scheme("https")
                        .host(order.origin().host().text())
                        .port(order.origin().port())
                        .build();
    }

    /// A request, as it came; its target is the part behind the method.
    record Asked(String method, String target, String version, Headers headers) {}

    sealed interface Verdict {
        /// Send it on, with headers that lack the token.
        record Pass(HttpUrl url, Headers headers, boolean hasBody) implements Verdict {}

        /// Refuse it with an error, for people.
        record Refuse(int status, String why) implements Verdict {}
    }

    Verdict judge(Asked asked) {
        Headers headers = asked.headers();
        return unless(
                        order.methods().contains(asked.method()),
                        NOT_ALLOWED,
                        "its method is none of "
                                + String.join(", ", new TreeSet<>(order.methods())))
                .or(() -> unless(asked.version().equals("HTTP/1.1"), OLD, "it is not HTTP/1.1"))
                .or(() -> host(headers))
                .or(() -> unless(!upgrades(headers), BAD, "it wants another protocol"))
                .or(() -> body(asked))
                .or(() -> characters(headers))
                .or(() -> paths.refusal(asked.target()).map(why -> refuse(FORBIDDEN, why)))
                .orElseGet(() -> passed(asked));
    }

    private Optional<Verdict> host(Headers headers) {
        String host = HeaderRule.value(headers, "Host").orElse("").toLowerCase(Locale.ROOT);
        String local = order.localHost();
        String real = order.origin().host().text();
        return unless(
                Set.of(local, local + ":80", real, real + ":" + order.origin().port())
                        .contains(host),
                MISDIRECTED,
                "its Host is neither %s nor %s".formatted(local, real));
    }

    private static boolean upgrades(Headers headers) {
        return HeaderRule.has(headers, "Upgrade")
                || HeaderRule.has(headers, "HTTP2-Settings")
                || HeaderRule.namedByConnection(headers).contains("upgrade");
    }

    private static Optional<Verdict> body(Asked asked) {
        String coding = HeaderRule.value(asked.headers(), "Transfer-Encoding").orElse("");
        return unless(
                        !HeaderRule.has(asked.headers(), "Transfer-Encoding")
                                || coding.equalsIgnoreCase("chunked"),
                        BAD,
                        "its body is coded in a way that is not passed on")
                .or(
                        () ->
                                unless(
                                        !hasBody(asked) || !WITHOUT_BODY.contains(asked.method()),
                                        BAD,
                                        "a %s has no body".formatted(asked.method())));
    }

    private static boolean hasBody(Asked asked) {
        Headers headers = asked.headers();
        return HeaderRule.has(headers, "Transfer-Encoding")
                || (HeaderRule.has(headers, "Content-Length")
                        && !HeaderRule.value(headers, "Content-Length").equals(Optional.of("0")));
    }

    private static Optional<Verdict> characters(Headers headers) {
        return unless(
                headers.names().stream()
                        .flatMap(name -> headers.values(name).stream())
                        .allMatch(HeaderRule::isPrintable),
                BAD,
                "a header has other characters than printable ASCII");
    }

    /// The address that the client library sends has to be the one that was checked.
    private Verdict passed(Asked asked) {
        HttpUrl url = base.resolve(asked.target());
        if (url == null || !isSame(url, asked.target())) {
            return refuse(FORBIDDEN, "its address can't be passed on unchanged");
        }
        return new Verdict.Pass(
                url,
                HeaderRule.asked(asked.headers(), order.credential().header()),
                hasBody(asked));
    }

    private boolean isSame(HttpUrl url, String target) {
        return target(url).equals(target)
                && url.isHttps()
                && url.host().equals(base.host())
                && url.port() == base.port();
    }

    /// The target of a request for `url`.
    static String target(HttpUrl url) {
        String query = url.encodedQuery();
        return url.encodedPath() + (query == null ? "" : "?" + query);
    }

    private static Optional<Verdict> unless(boolean holds, int status, String why) {
        return holds ? Optional.empty() : Optional.of(refuse(status, why));
    }

    private static Verdict refuse(int status, String why) {
        return new Verdict.Refuse(status, why);
    }
}
