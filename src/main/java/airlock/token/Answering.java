package airlock.token;

import airlock.text.SecretFilter;
import airlock.text.SecretForms;
import airlock.token.TokenDoor.Exchange;
import airlock.token.TokenProcess.Parent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;

/// Passes an answer on piece by piece, as long as it does not hold the token, with the headers that
/// the client may have.
final class Answering {
    private static final int PIECE = 16 << 10;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);
    private static final String LOCATION = "Location";

    private final TokenOrder order;
    private final SecretForms forms;
    private final Parent parent;
    private final String host;

    Answering(TokenOrder order, Parent parent) {
        this.order = order;
        this.forms = new SecretForms(TokenForms.of(order.credential().value()));
        this.parent = parent;
        this.host = order.origin().host().text();
    }

    /// Passes the answer on; false if not all of it was read.
    boolean pass(Exchange exchange, Response answer) throws IOException, InterruptedException {
        String shown = exchange.shown();
        if (holdsToken(answer.headers())) {
            leaked(shown, "in a header");
        }
        Optional<String> refusal = refusal(answer);
        if (refusal.isPresent()) {
            String why = refusal.get();
            parent.said("refused the answer to %s of %s: %s".formatted(shown, host, why));
            exchange.refuse(HttpStatus.BAD_GATEWAY_502, host + ": " + why);
            return false;
        }
        head(exchange, answer);
        return body(exchange, answer, new Progress(shown + " " + answer.code()));
    }

    private boolean holdsToken(Headers headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (forms.isIn(headers.name(i)) || forms.isIn(headers.value(i))) {
                return true;
            }
        }
        return false;
    }

    /// Does not return.
    private void leaked(String shown, String where) throws IOException, InterruptedException {
        parent.leaked("%s sent the token %s of its answer to %s".formatted(host, where, shown));
    }

    private Optional<String> refusal(Response answer) {
        int status = answer.code();
        if (status < 200 || status > 599) {
            return Optional.of("it answered with the status " + status);
        }
        if (isCoded(answer, "Content-Encoding", "identity")) {
            return Optional.of(
                    "its answer is compressed against the request, so it can't be searched for the"
                            + " token");
        }
        if (isCoded(answer, "Transfer-Encoding", "chunked")) {
            return Optional.of("its answer is coded in a way that can't be read");
        }
        boolean isElsewhere =
                answer.header(LOCATION) != null && local(answer).isEmpty() && status / 100 == 3;
        return isElsewhere ? Optional.of(elsewhere(answer)) : Optional.empty();
    }

    private static boolean isCoded(Response answer, String name, String plain) {
        return !answer.headers(name).stream().allMatch(plain::equalsIgnoreCase);
    }

    private static Optional<HttpUrl> location(Response answer) {
        return HeaderRule.value(answer.headers(), LOCATION)
                .flatMap(to -> Optional.ofNullable(answer.request().url().resolve(to)));
    }

    /// The location as the client has to ask for it; empty if it is another server's. The client
    /// may follow a redirect within the server, and gets the token again.
    private Optional<String> local(Response answer) {
        HttpUrl asked = answer.request().url();
        return location(answer)
                .filter(HttpUrl::isHttps)
                .filter(to -> to.host().equals(asked.host()) && to.port() == asked.port())
                .filter(to -> to.username().isEmpty() && to.password().isEmpty())
                .map(to -> "http://" + order.localHost() + RequestRule.target(to));
    }

    private static String elsewhere(Response answer) {
        String to =
                location(answer)
                        .map(url -> url.scheme() + "://" + url.host() + ":" + url.port())
                        .orElse("an address that can't be read");
        return "it redirects to %s, where the token must not go".formatted(to);
    }

    private void head(Exchange exchange, Response answer) {
        var out = exchange.response();
        out.setStatus(answer.code());
        Headers headers = HeaderRule.answered(answer.headers());
        for (int i = 0; i < headers.size(); i++) {
            boolean isHidden = headers.name(i).equalsIgnoreCase(OriginClient.RETRY_AFTER);
            out.getHeaders().add(isHidden ? "Retry-After" : headers.name(i), headers.value(i));
        }
        local(answer).ifPresent(to -> out.getHeaders().add(LOCATION, to));
        if (exchange.request().getMethod().equals("HEAD")) {
            String length = answer.header("Content-Length");
            if (length != null && length.matches("[0-9]{1,18}")) {
                out.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
            }
        } else if (answer.body().contentLength() >= 0 && !WITHOUT_BODY.contains(answer.code())) {
            out.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().contentLength());
        }
    }

    private boolean body(Exchange exchange, Response answer, Progress progress)
            throws IOException, InterruptedException {
        try {
            copy(answer, exchange.response(), progress);
            exchange.callback().succeeded();
            return true;
        } catch (IOException e) {
            parent.said(progress.line() + ", broken off");
            if (exchange.response().isCommitted()) {
                exchange.callback().failed(e);
            } else {
                exchange.refuse(HttpStatus.BAD_GATEWAY_502, host + " broke its answer off");
            }
            return false;
        }
    }

    private void copy(Response answer, Content.Sink out, Progress progress)
            throws IOException, InterruptedException {
        var filter = new SecretFilter(forms);
        byte[] piece = new byte[PIECE];
        InputStream in = answer.body().byteStream();
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
            byte[] bytes = filter.next(Arrays.copyOf(piece, got));
            checkNothing(filter, progress);
            if (bytes.length > 0) {
                Content.Sink.write(out, false, ByteBuffer.wrap(bytes));
                progress.bytes += bytes.length;
            }
        }
        byte[] rest = filter.rest();
        checkNothing(filter, progress);
        progress.bytes += rest.length;
        parent.said(progress.line());
        Content.Sink.write(out, true, ByteBuffer.wrap(rest));
    }

    /// Does not return if the token was found.
    private void checkNothing(SecretFilter filter, Progress progress)
            throws IOException, InterruptedException {
        if (filter.hasFound()) {
            leaked(progress.what, "in the body");
        }
    }

    private static final class Progress {
        private final String what;
        private long bytes;

        Progress(String what) {
            this.what = what;
        }

        String line() {
            return what + ", " + bytes + " bytes";
        }
    }
}
