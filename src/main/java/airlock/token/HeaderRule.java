package airlock.token;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Headers;

/// Which headers are passed on: not those of a single connection (RFC 9110, 7.6.1), and none that
/// turn a request into another one for the server behind, or an answer into a credential.
final class HeaderRule {
    private static final Predicate<String> ONE_CONNECTION =
            anyOf(
                    "connection|keep-alive|te|trailer|transfer-encoding|upgrade|http2-settings"
                            + "|content-length");

    /// A range of an answer could hold part of a token, which the search would miss. A cookie could
    /// be another credential.
    private static final Predicate<String> NOT_ASKED =
            anyOf("host|expect|accept-encoding|range|if-range|cookie|forwarded|via|max-forwards");

    /// Some servers take another method, address or client from them.
    private static final Predicate<String> MISLEADING =
            anyOf("(proxy-|x-forwarded|x-http-method|x-method|x-original|x-rewrite).*");

    /// A session opened with the token is as good as the token; the others lead past this proxy.
    private static final Predicate<String> NOT_ANSWERED =
            anyOf(
                    "set-cookie|set-cookie2|alt-svc|refresh|strict-transport-security"
                            + "|content-encoding|date|location|authentication-info|proxy-.*");

    private HeaderRule() {}

    private static Predicate<String> anyOf(String names) {
        return Pattern.compile(names).asMatchPredicate();
    }

    /// Whether a token can be sent in a header of this name.
    static boolean mayBeAdded(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !ONE_CONNECTION.test(lower) && (lower.equals("cookie") || !NOT_ASKED.test(lower));
    }

    /// The headers of a request that are passed on.
    ///
    /// @param own the token's header, which only this proxy sends
    static Headers asked(Headers headers, String own) {
        return without(headers, NOT_ASKED.or(MISLEADING).or(own::equalsIgnoreCase));
    }

    static Headers answered(Headers headers) {
        return without(headers, NOT_ANSWERED);
    }

    /// @param never the names, in lower case, that are not passed on
    private static Headers without(Headers headers, Predicate<String> never) {
        var named = namedByConnection(headers);
        var passed = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            String lower = headers.name(i).toLowerCase(Locale.ROOT);
            if (isOfNameAlone(lower)
                    && isPrintable(headers.value(i))
                    && !ONE_CONNECTION.test(lower)
                    && !named.contains(lower)
                    && !never.test(lower)) {
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
