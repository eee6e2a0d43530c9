package airlock.token;

import airlock.text.SecretFilter;
import airlock.text.SecretForms;
import airlock.token.AnswerRule.Head;
import airlock.token.AnswerRule.Verdict;
import airlock.token.HeaderRule.Field;
import airlock.token.TokenDoor.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;

/// Passes an answer on piece by piece, as long as it does not hold the token.
final class Answering {
    private static final int PIECE = 16 << 10;
    private static final int BAD_GATEWAY = 502;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    private final AnswerRule rule;
    private final SecretForms forms;
    private final Parent parent;
    private final String host;

    Answering(TokenOrder order, Parent parent) {
        this.forms = new SecretForms(TokenForms.of(order.credential().value()));
        this.rule = new AnswerRule(order, forms);
        this.parent = parent;
        this.host = order.origin().host().text();
    }

    /// Passes the answer on; false if not all of it was read.
    boolean pass(Exchange exchange, Response answer) throws IOException, InterruptedException {
        String shown = exchange.shown();
        var head = new Head(answer.request().url(), answer.code(), fields(answer));
        return switch (rule.judge(head)) {
            case Verdict.Leak(var where) -> {
                leaked(shown, where);
                yield false;
            }
            case Verdict.Refuse(var why) -> {
                parent.said("refused the answer to %s of %s: %s".formatted(shown, host, why));
                exchange.refuse(BAD_GATEWAY, host + ": " + why);
                yield false;
            }
            case Verdict.Pass(var fields) -> {
                head(exchange, answer, fields);
                yield body(exchange, answer, new Progress(shown + " " + answer.code()));
            }
        };
    }

    private void leaked(String shown, String where) throws IOException, InterruptedException {
        parent.leaked("%s sent the token %s of its answer to %s".formatted(host, where, shown));
    }

    private static List<Field> fields(Response answer) {
        Headers headers = answer.headers();
        var fields = new ArrayList<Field>();
        for (int i = 0; i < headers.size(); i++) {
            fields.add(new Field(headers.name(i), headers.value(i)));
        }
        return fields;
    }

    private static void head(Exchange exchange, Response answer, List<Field> fields) {
        var out = exchange.response();
        out.setStatus(answer.code());
        fields.forEach(field -> out.getHeaders().add(field.name(), field.value()));
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
                exchange.refuse(BAD_GATEWAY, host + " broke its answer off");
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
