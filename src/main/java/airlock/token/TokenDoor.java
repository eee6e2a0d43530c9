package airlock.token;

import airlock.token.HeaderRule.Field;
import airlock.token.RequestRule.Asked;
import airlock.token.RequestRule.Verdict;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Response;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/// Serves requests: each is judged, asked of the token's server, and its answer passed on.
final class TokenDoor extends Handler.Abstract {
    private static final int UNAVAILABLE = 503;
    private static final int BAD_GATEWAY = 502;
    private static final int TIMED_OUT = 504;

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

    /// An answer of this proxy's own.
    ///
    /// @param why for people
    static void refuse(
            org.eclipse.jetty.server.Response response, int status, String why, Callback callback) {
        response.reset();
        response.setStatus(status);
        response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
        response.getHeaders().put("Connection", "close");
        byte[] text = ("Airlock: " + why + "\n").getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(text), callback);
    }

    /// A request as lines of the log name it: what stands behind a `?` may be secret.
    static String shown(Request request) {
        return request.getMethod() + " " + StrictHttp.target(request).replaceFirst("\\?.*", "?...");
    }

    @Override
    public boolean handle(
            Request request, org.eclipse.jetty.server.Response response, Callback callback)
            throws Exception {
        if (!free.tryAcquire()) {
            refuseAndSay(request, response, UNAVAILABLE, "too many requests at once", callback);
            return true;
        }
        try {
            switch (rule.judge(asked(request))) {
                case Verdict.Refuse(int status, var why) ->
                        refuseAndSay(request, response, status, why, callback);
                case Verdict.Pass pass -> pass(request, pass, response, callback);
            }
        } finally {
            free.release();
        }
        return true;
    }

    private static Asked asked(Request request) {
        return new Asked(
                request.getMethod(),
                StrictHttp.target(request),
                request.getConnectionMetaData().getHttpVersion().asString(),
                request.getHeaders().stream().map(TokenDoor::field).toList());
    }

    private static Field field(HttpField field) {
        return new Field(field.getName(), field.getValue() == null ? "" : field.getValue());
    }

    private void pass(
            Request request,
            Verdict.Pass pass,
            org.eclipse.jetty.server.Response response,
            Callback callback)
            throws IOException, InterruptedException {
        Call call =
                client.call(
                        request.getMethod(),
                        pass,
                        Content.Source.asInputStream(request),
                        request.getLength());
        Response answer;
        try {
            answer = call.execute();
        } catch (IOException e) {
            int status = e instanceof InterruptedIOException ? TIMED_OUT : BAD_GATEWAY;
            refuseAndSay(request, response, status, words(e), callback);
            return;
        }
        try (answer) {
            if (!answering.pass(request, answer, response, callback)) {
                call.cancel(); // what is left of the answer is not waited for
            }
        }
    }

    /// A message of the library's could repeat what the server sent, and that could be the token.
    private String words(IOException e) {
        return switch (e) {
            case SSLException _ ->
                    host
                            + " could not be talked to by TLS: its certificate must name it and be"
                            + " vouched for (%s)".formatted(e.getClass().getSimpleName());
            case InterruptedIOException _ -> host + " did not answer in time";
            // the system's words, or this program's about an upstream proxy
            case NoRouteToHostException _ -> host + " can't be reached: " + e.getMessage();
            default -> host + " could not be asked (%s)".formatted(e.getClass().getSimpleName());
        };
    }

    private void refuseAndSay(
            Request request,
            org.eclipse.jetty.server.Response response,
            int status,
            String why,
            Callback callback)
            throws IOException {
        parent.said("refused %s: %s".formatted(shown(request), why));
        refuse(response, status, why, callback);
    }
}
