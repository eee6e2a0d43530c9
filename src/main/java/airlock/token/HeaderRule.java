package airlock.token;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Headers;

/// Which headers are passed on: not those of a single connection (RFC 9110, 7.6.1), and none that
/// turn a request into another one for the server behind, or an answer into a credential.
final class HeaderRule {
    private static final Set<String> ONE_CONNECTION =
            Set.of(
                    "connection",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "http2-settings",
                    "content-length");

    /// A range of an answer could hold part of a token, which the search would miss. A cookie could
    /// be another credential.
    private static final Set<String> NOT_ASKED =
            Set.of(
                    "host",
                    "expect",
                    "accept-encoding",
                    "range",
                    "if-range",
                    "cookie",
                    "forwarded",
                    "via",
                    "max-forwards");

    /// Some servers take another method, address or client from them.
    private static final List<String> NOT_ASKED_BEGINNINGS =
            List.of(
                    "proxy-",
                    "x-forwarded",
                    "x-http-method",
                    "x-method",
                    "x-original",
                    "x-rewrite");

    /// A session opened with the token is as good as the token; the others lead past this proxy.
    private static final Set<String> NOT_ANSWERED =
            Set.of(
                    "set-cookie",
                    "set-cookie2",
                    "alt-svc",
                    "refresh",
                    "strict-transport-security",
                    "content-encoding",
                    "date",
                    "location",
                    "authentication-info");

    private HeaderRule() {}

    /// Whether a token can be sent in a header of this name.
    static boolean mayBeAdded(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !ONE_CONNECTION.contains(lower)
                && (lower.equals("cookie") || !NOT_ASKED.contains(lower));
    }

    /// The headers of a request that are passed on.
    ///
    /// @param own the token's header, which only this proxy sends
    static Headers asked(Headers headers, String own) {
        return only(
                headers,
                name ->
                        !name.equalsIgnoreCase(own)
                                && !NOT_ASKED.contains(name)
                                && NOT_ASKED_BEGINNINGS.stream().noneMatch(name::startsWith));
    }

    static Headers answered(Headers headers) {
        return only(headers, name -> !NOT_ANSWERED.contains(name) && !name.startsWith("proxy-"));
    }

    /// @param mayPass gets the name in lower case
    private static Headers only(Headers headers, Predicate<String> mayPass) {
        var named = namedByConnection(headers);
        var passed = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            String lower = headers.name(i).toLowerCase(Locale.ROOT);
            if (isOfNameAlone(lower)
                    && isPrintable(headers.value(i))
                    && !ONE_CONNECTION.contains(lower)
                    && !named.contains(lower)
                    && mayPass.test(lower)) {
                passed.add(headers.name(i), headers.value(i));
            }
        }
        return passed.build();
    }

    /// The value of a header that occurs once; empty if it occurs never or more often.
    static Optional<String> value(Headers headers, String name) {
        var values = headers.values(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    static boolean has(Headers headers, String name) {
        return headers.get(name) != null;
    }

    /// The headers that `Connection` names, in lower case.
    static Set<String> namedByConnection(Headers headers) {
        return headers.values("Connection").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /// Without `_`, which some servers read as `-`, and so as another header.
    private static boolean isOfNameAlone(String name) {
        return name.chars().allMatch(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    static boolean isPrintable(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t');
    }
}
