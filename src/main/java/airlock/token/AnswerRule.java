package airlock.token;

import airlock.token.HeaderRule.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/// Decides about answers: what of their heads goes to the client.
final class AnswerRule {
    private static final int FIRST = 200;
    private static final int LAST = 599;
    private static final int FIRST_REDIRECT = 300;
    private static final int LAST_REDIRECT = 399;

    private final TokenOrder order;
    private final TokenSearch search;

    AnswerRule(TokenOrder order, TokenSearch search) {
        this.order = order;
        this.search = search;
    }

    /// The head of an answer, as it came.
    ///
    /// @param asked where it came from
    record Head(HttpUrl asked, int status, List<Field> fields) {
        boolean isRedirect() {
            return status >= FIRST_REDIRECT && status <= LAST_REDIRECT;
        }
    }

    /// What is decided.
    sealed interface Verdict {
        /// It goes on, with these headers.
        record Pass(List<Field> fields) implements Verdict {}

        /// It does not.
        ///
        /// @param why for people
        record Refuse(String why) implements Verdict {}

        /// It has the token in it.
        record Leak(String where) implements Verdict {}
    }

    Verdict judge(Head head) {
        for (Field field : head.fields()) {
            if (search.isIn(field.name()) || search.isIn(field.value())) {
                return new Verdict.Leak("in a header");
            }
        }
        if (head.status() < FIRST || head.status() > LAST) {
            return new Verdict.Refuse("it answered with the status " + head.status());
        }
        if (isCoded(head, "Content-Encoding", "identity")) {
            return new Verdict.Refuse(
                    "its answer is compressed, though it was asked for one that is not, and can't"
                            + " be searched for the token");
        }
        if (isCoded(head, "Transfer-Encoding", "chunked")) {
            return new Verdict.Refuse("its answer is coded in a way that can't be read");
        }
        return located(head);
    }

    private static boolean isCoded(Head head, String name, String plain) {
        return head.fields().stream()
                .anyMatch(field -> field.is(name) && !field.value().equalsIgnoreCase(plain));
    }

    /// A redirect is followed by the client, with the token again, or by nobody.
    private Verdict located(Head head) {
        var fields = new ArrayList<>(HeaderRule.answered(head.fields()));
        if (HeaderRule.has(head.fields(), "Location")) {
            var location =
                    HeaderRule.value(head.fields(), "Location").flatMap(to -> local(head, to));
            if (location.isEmpty() && head.isRedirect()) {
                return new Verdict.Refuse(elsewhere(head));
            }
            location.ifPresent(to -> fields.add(new Field("Location", to)));
        }
        fields.replaceAll(
                field ->
                        field.is(OriginClient.RETRY_AFTER)
                                ? new Field("Retry-After", field.value())
                                : field);
        return new Verdict.Pass(fields);
    }

    /// The same address as the client has to ask for it; empty where it is another server's.
    private Optional<String> local(Head head, String location) {
        HttpUrl asked = head.asked();
        return Optional.ofNullable(asked.resolve(location))
                .filter(
                        to ->
                                to.isHttps()
                                        && to.host().equals(asked.host())
                                        && to.port() == asked.port()
                                        && to.username().isEmpty()
                                        && to.password().isEmpty())
                .map(
                        to ->
                                "http://%s%s%s"
                                        .formatted(
                                                order.localHost(),
                                                to.encodedPath(),
                                                to.encodedQuery() == null
                                                        ? ""
                                                        : "?" + to.encodedQuery()));
    }

    private static String elsewhere(Head head) {
        String to =
                HeaderRule.value(head.fields(), "Location")
                        .flatMap(text -> Optional.ofNullable(head.asked().resolve(text)))
                        .map(url -> url.scheme() + "://" + url.host() + ":" + url.port())
                        .orElse("an address that can't be read");
        return "it redirects to %s, where the token must not go".formatted(to);
    }
}
