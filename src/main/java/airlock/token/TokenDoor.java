package airlock.token;

import airlock.token.RequestRule.Asked;
import airlock.token.RequestRule.Verdict;
import airlock.token.TokenProcess.Parent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Headers;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Serves requests: checks each, sends it to the token's server, and passes the answer on.
final class TokenDoor extends Handler.Abstract {
    private final RequestRule rule;
    private final OriginClient client;
    private final Answering answering;
    private final Parent parent;
    private final Semaphore free;
    private final String host;

    TokenDoor(TokenOrder order, OriginClient client, Parent parent) {
        this.rule = new RequestRule(order);
        this.client = client;
        this.answering = new Answering(order, parent);
        this.parent = parent;
        this.free = new Semaphore(order.limits().requests());
        this.host = order.origin().host().text();
    }

    record Exchange(Request request, Response response, Callback callback) {
        /// The request for the log, without its query, which may be secret.
        String shown() {
            String target = StrictHttp.target(request).replaceFirst("\\?.*", "?...");
            return request.getMethod() + " " + target;
        }

        /// Answers with an error of this proxy's own, for people.
        void refuse(int status, String why) {
            response.reset();
            response.setStatus(status);
            response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
            response.getHeaders().put("Connection", "close");
            byte[] text = ("Airlock: " + why + "\n").getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(text), callback);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var exchange = new Exchange(request, response, callback);
        if (!free.tryAcquire()) {
            refuseAndSay(exchange, HttpStatus.SERVICE_UNAVAILABLE_503, "too many requests at once");
            return true;
        }
        try {
            switch (rule.judge(asked(request))) {
                case Verdict.Refuse(int status, var why) -> refuseAndSay(exchange, status, why);
                case Verdict.Pass pass -> pass(exchange, pass);
            }
        } finally {
            free.release();
        }
        return true;
    }

    private static Asked asked(Request request) {
        var headers = new Headers.Builder();
        for (HttpField field : request.getHeaders()) {
            String value = field.getValue();
            headers.addUnsafeNonAscii(field.getName(), value == null ? "" : value);
        }
        return new Asked(
                request.getMethod(),
                StrictHttp.target(request),
                request.getConnectionMetaData().getHttpVersion().asString(),
                headers.build());
    }

    private void pass(Exchange exchange, Verdict.Pass pass)
            throws IOException, InterruptedException {
        var request = exchange.request();
        var body = Content.Source.asInputStream(request);
        Call call = client.call(request.getMethod(), pass, body, request.getLength());
        okhttp3.Response answer;
        try {
            answer = call.execute();
        } catch (IOException e) {
            int status =
                    e instanceof InterruptedIOException
                            ? HttpStatus.GATEWAY_TIMEOUT_504
                            : HttpStatus.BAD_GATEWAY_502;
            refuseAndSay(exchange, status, words(e));
            return;
        }
        try (answer) {
            if (!answering.pass(exchange, answer)) {
                call.cancel(); // does not wait for the rest of the answer
            }
        }
    }

    /// Without the library's message, which could repeat bytes of the server, and so the token.
    private String words(IOException e) {
        return switch (e) {
            case SSLException _ ->
                    "%s could not be talked to by TLS: its certificate must name it and be vouched for (%s)"
                            .formatted(host, e.getClass().getSimpleName());
            case InterruptedIOException _ -> host + " did not answer in time";
            // the system's words, or this program's about an upstream proxy
            case NoRouteToHostException _ -> host + " can't be reached: " + e.getMessage();
            default -> host + " could not be asked (%s)".formatted(e.getClass().getSimpleName());
        };
    }

    private void refuseAndSay(Exchange exchange, int status, String why) throws IOException {
        parent.said("refused %s: %s".formatted(exchange.shown(), why));
        exchange.refuse(status, why);
    }
}
