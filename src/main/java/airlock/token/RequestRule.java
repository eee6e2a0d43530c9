package airlock.token;

import airlock.token.HeaderRule.Field;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    /// A request, as it came.
    ///
    /// @param target the part behind the method
    record Asked(String method, String target, String version, List<Field> fields) {}

    sealed interface Verdict {
        /// Send it on.
        ///
        /// @param fields without the token
        record Pass(HttpUrl url, List<Field> fields, boolean hasBody) implements Verdict {}

        /// Refuse it.
        ///
        /// @param status of the answer
        /// @param why for people
        record Refuse(int status, String why) implements Verdict {}
    }

    Verdict judge(Asked asked) {
        Optional<Verdict> refusal =
                method(asked)
                        .or(() -> version(asked))
                        .or(() -> host(asked.fields()))
                        .or(() -> connection(asked.fields()))
                        .or(() -> body(asked))
                        .or(() -> characters(asked.fields()))
                        .or(() -> path(asked.target()));
        return refusal.orElseGet(() -> passed(asked));
    }

    private Optional<Verdict> method(Asked asked) {
        return order.methods().contains(asked.method())
                ? Optional.empty()
                : refuse(
                        NOT_ALLOWED,
                        "its method is none of "
                                + String.join(", ", new TreeSet<>(order.methods())));
    }

    private static Optional<Verdict> version(Asked asked) {
        return asked.version().equals("HTTP/1.1")
                ? Optional.empty()
                : refuse(OLD, "it is not HTTP/1.1");
    }

    private Optional<Verdict> host(List<Field> fields) {
        String host =
                HeaderRule.value(fields, "Host")
                        .map(text -> text.toLowerCase(Locale.ROOT))
                        .orElse("");
        String real = order.origin().host().text();
        var known =
                Set.of(
                        order.localHost(),
                        order.localHost() + ":80",
                        real,
                        real + ":" + order.origin().port());
        return known.contains(host)
                ? Optional.empty()
                : refuse(
                        MISDIRECTED,
                        "its Host is neither %s nor %s".formatted(order.localHost(), real));
    }

    private static Optional<Verdict> connection(List<Field> fields) {
        boolean upgrades =
                HeaderRule.has(fields, "Upgrade")
                        || HeaderRule.has(fields, "HTTP2-Settings")
                        || HeaderRule.namedByConnection(fields).contains("upgrade");
        return upgrades ? refuse(BAD, "it wants another protocol") : Optional.empty();
    }

    private static Optional<Verdict> body(Asked asked) {
        if (HeaderRule.has(asked.fields(), "Transfer-Encoding")
                && HeaderRule.value(asked.fields(), "Transfer-Encoding")
                        .filter(value -> value.equalsIgnoreCase("chunked"))
                        .isEmpty()) {
            return refuse(BAD, "its body is coded in a way that is not passed on");
        }
        return hasBody(asked) && WITHOUT_BODY.contains(asked.method())
                ? refuse(BAD, "a %s has no body".formatted(asked.method()))
                : Optional.empty();
    }

    private static boolean hasBody(Asked asked) {
        return HeaderRule.has(asked.fields(), "Transfer-Encoding")
                || (HeaderRule.has(asked.fields(), "Content-Length")
                        && HeaderRule.value(asked.fields(), "Content-Length")
                                .filter("0"::equals)
                                .isEmpty());
    }

    private static Optional<Verdict> characters(List<Field> fields) {
        return fields.stream().allMatch(field -> HeaderRule.isPrintable(field.value()))
                ? Optional.empty()
                : refuse(BAD, "a header has other characters than printable ASCII");
    }

    private Optional<Verdict> path(String target) {
        return paths.refusal(target).flatMap(why -> refuse(FORBIDDEN, why));
    }

    /// The address that the client library sends has to be the one that was checked.
    private Verdict passed(Asked asked) {
        HttpUrl url = base.resolve(asked.target());
        if (url == null || !isSame(url, asked.target())) {
            return new Verdict.Refuse(FORBIDDEN, "its address can't be passed on unchanged");
        }
        return new Verdict.Pass(
                url, HeaderRule.asked(asked.fields(), order.credential().header()), hasBody(asked));
    }

    private boolean isSame(HttpUrl url, String target) {
        String query = url.encodedQuery();
        String sent = url.encodedPath() + (query == null ? "" : "?" + query);
        return sent.equals(target)
                && url.isHttps()
                && url.host().equals(base.host())
                && url.port() == base.port();
    }

    private static Optional<Verdict> refuse(int status, String why) {
        return Optional.of(new Verdict.Refuse(status, why));
    }
}
