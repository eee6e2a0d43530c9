package airlock.token;

import airlock.token.AnswerRule.Head;
import airlock.token.AnswerRule.Verdict;
import airlock.token.HeaderRule.Field;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// Passes answers on, piece by piece, as long as the token is in none of them.
final class Answering {
    private static final int PIECE = 16 << 10;
    private static final int BAD_GATEWAY = 502;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    private final AnswerRule rule;
    private final TokenSearch search;
    private final Parent parent;
    private final String host;

    Answering(TokenOrder order, Parent parent) {
        this.search = new TokenSearch(TokenForms.of(order.credential().value()));
        this.rule = new AnswerRule(order, search);
        this.parent = parent;
        this.host = order.origin().host().text();
    }

    /// Passes one on, as far as it may go.
    ///
    /// @return whether all of it was read
    boolean pass(
            Request request,
            Response answer,
            org.eclipse.jetty.server.Response out,
            Callback callback)
            throws IOException, InterruptedException {
        String shown = TokenDoor.shown(request);
        var head = new Head(answer.request().url(), answer.code(), fields(answer));
        return switch (rule.judge(head)) {
            case Verdict.Leak(var where) -> {
                leaked(shown, where);
                yield false;
            }
            case Verdict.Refuse(var why) -> {
                parent.said("refused the answer to %s of %s: %s".formatted(shown, host, why));
                TokenDoor.refuse(out, BAD_GATEWAY, host + ": " + why, callback);
                yield false;
            }
            case Verdict.Pass(var fields) -> {
                head(request.getMethod(), answer, fields, out);
                yield body(answer, out, new Progress(shown + " " + answer.code()), callback);
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

    private static void head(
            String method,
            Response answer,
            List<Field> fields,
            org.eclipse.jetty.server.Response out) {
        out.setStatus(answer.code());
        fields.forEach(field -> out.getHeaders().add(field.name(), field.value()));
        if (method.equals("HEAD")) {
            String length = answer.header("Content-Length");
            if (length != null && length.matches("[0-9]{1,18}")) {
                out.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
            }
        } else if (answer.body().contentLength() >= 0 && !WITHOUT_BODY.contains(answer.code())) {
            out.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().contentLength());
        }
    }

    private boolean body(
            Response answer,
            org.eclipse.jetty.server.Response out,
            Progress progress,
            Callback callback)
            throws IOException, InterruptedException {
        try {
            copy(answer, out, progress);
            callback.succeeded();
            return true;
        } catch (IOException e) {
            parent.said(progress.line() + ", broken off");
            if (out.isCommitted()) {
                callback.failed(e);
            } else {
                TokenDoor.refuse(out, BAD_GATEWAY, host + " broke its answer off", callback);
            }
            return false;
        }
    }

    private void copy(Response answer, org.eclipse.jetty.server.Response out, Progress progress)
            throws IOException, InterruptedException {
        var sieve = search.new Sieve();
        byte[] piece = new byte[PIECE];
        InputStream in = answer.body().byteStream();
        for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
            var through = sieve.pass(piece, got);
            if (through.isEmpty()) {
                leaked(progress.what, "in the body");
            }
            byte[] bytes = through.orElseThrow();
            if (bytes.length > 0) {
                Content.Sink.write(out, false, ByteBuffer.wrap(bytes));
                progress.bytes += bytes.length;
            }
        }
        progress.bytes += sieve.rest().length;
        parent.said(progress.line());
        Content.Sink.write(out, true, ByteBuffer.wrap(sieve.rest()));
    }

    /// How far an answer has come.
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
