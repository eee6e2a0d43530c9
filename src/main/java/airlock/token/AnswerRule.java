package airlock.token;

import airlock.text.SecretForms;
import airlock.token.HeaderRule.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;

/// Decides which headers of an answer the client gets.
final class AnswerRule {
    private static final int FIRST = 200;
    private static final int LAST = 599;
    private static final int FIRST_REDIRECT = 300;
    private static final int LAST_REDIRECT = 399;

    private final TokenOrder order;
    private final SecretForms forms;

    AnswerRule(TokenOrder order, SecretForms forms) {
        this.order = order;
        this.forms = forms;
    }

    /// @param asked the address that answered
    record Head(HttpUrl asked, int status, List<Field> fields) {
        boolean isRedirect() {
            return status >= FIRST_REDIRECT && status <= LAST_REDIRECT;
        }
    }

    sealed interface Verdict {
        /// Pass it on.
        ///
        /// @param fields the headers for the client
        record Pass(List<Field> fields) implements Verdict {}

        /// Refuse it.
        ///
        /// @param why for people
        record Refuse(String why) implements Verdict {}

        /// The answer holds the token.
        record Leak(String where) implements Verdict {}
    }

    Verdict judge(Head head) {
        for (Field field : head.fields()) {
            if (forms.isIn(field.name()) || forms.isIn(field.value())) {
                return new Verdict.Leak("in a header");
            }
        }
        if (head.status() < FIRST || head.status() > LAST) {
            return new Verdict.Refuse("it answered with the status " + head.status());
        }
        if (isCoded(head, "Content-Encoding", "identity")) {
            return new Verdict.Refuse(
                    "its answer is compressed against the request, so it can't be searched for the"
                            + " token");
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

    /// The client may follow a redirect within the server and gets the token again; refuses others.
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

    /// The address as the client has to ask for it; empty if it is another server's.
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
