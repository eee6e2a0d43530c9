package airlock.token;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which headers are passed on: not those of a single connection (RFC 9110, 7.6.1), and none that
/// turn a request into another one for the server behind, or an answer into a credential.
final class HeaderRule {
    record Field(String name, String value) {
        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

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
    static List<Field> asked(List<Field> fields, String own) {
        var named = namedByConnection(fields);
        return fields.stream()
                .filter(field -> isOfNameAlone(field.name()))
                .filter(field -> !field.is(own))
                .filter(field -> mayBeAsked(field.name().toLowerCase(Locale.ROOT), named))
                .toList();
    }

    private static boolean mayBeAsked(String name, Set<String> named) {
        return !ONE_CONNECTION.contains(name)
                && !NOT_ASKED.contains(name)
                && !named.contains(name)
                && NOT_ASKED_BEGINNINGS.stream().noneMatch(name::startsWith);
    }

    /// The headers of an answer that are passed on.
    static List<Field> answered(List<Field> fields) {
        var named = namedByConnection(fields);
        return fields.stream()
                .filter(field -> isOfNameAlone(field.name()) && isPrintable(field.value()))
                .filter(field -> mayBeAnswered(field.name().toLowerCase(Locale.ROOT), named))
                .toList();
    }

    private static boolean mayBeAnswered(String name, Set<String> named) {
        return !ONE_CONNECTION.contains(name)
                && !NOT_ANSWERED.contains(name)
                && !named.contains(name)
                && !name.startsWith("proxy-");
    }

    /// The value of a header that occurs once; empty if it occurs never or more often.
    static Optional<String> value(List<Field> fields, String name) {
        var values = fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    static boolean has(List<Field> fields, String name) {
        return fields.stream().anyMatch(field -> field.is(name));
    }

    /// The headers that `Connection` names, in lower case.
    static Set<String> namedByConnection(List<Field> fields) {
        return fields.stream()
                .filter(field -> field.is("Connection"))
                .flatMap(field -> Stream.of(field.value().split(",", -1)))
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
