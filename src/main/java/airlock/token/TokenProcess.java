package airlock.token;

import airlock.sandbox.RecordStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The child JVM that has one token: reads one [TokenOrder], serves HTTP at a socket in its home,
/// speaks TLS to the token's server, and writes [Message]s.
public final class TokenProcess {
    /// In its home.
    static final String SOCKET = "http";

    private static final int PLATFORM_THREADS = 8;

    private TokenProcess() {}

    /// Serves one order.
    ///
    /// @param arguments the path of an empty directory, in place of a home
    public static void main(String[] arguments) throws Exception {
        var server = RecordStream.ofChild();
        TokenOrder order;
        try {
            order = server.read(TokenOrder.class);
        } catch (EOFException _) {
            return; // the server has ended
        }
        server.haltAtEnd();
        serve(order, new Parent(server), Path.of(arguments[0]).resolve(SOCKET));
        server.write(new Message.Ready());
    }

    private static void serve(TokenOrder order, Parent parent, Path socket)
            throws IOException, GeneralSecurityException {
        var threads = new QueuedThreadPool(PLATFORM_THREADS);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var server = new Server(threads);
        var connector = new UnixConnector(server, socket, new StrictHttp());
        // a silent host ends a request earlier, with an explanation
        var limits = order.limits();
        connector.setIdleTimeout(
                limits.silence().multipliedBy(2).plus(limits.connect()).toMillis());
        server.addConnector(connector);
        server.setHandler(new TokenDoor(order, new OriginClient(order), parent));
        server.setErrorHandler(
                (request, response, callback) -> malformed(parent, request, response, callback));
        start(server);
    }

    /// Jetty's own method declares `Exception`.
    private static void start(Server server) throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the token's HTTP server does not start", e);
        }
    }

    /// Answers malformed or incomplete requests.
    private static boolean malformed(
            Parent parent, Request request, Response response, Callback callback) {
        String why = "it is no HTTP/1.1 that is taken here";
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof HttpException e) {
            response.setStatus(e.getCode());
            why += e.getReason() == null ? "" : " (" + e.getReason() + ")";
        }
        try {
            parent.said("refused a request: " + why);
        } catch (IOException e) {
            throw new UncheckedIOException("the server does not listen", e);
        }
        TokenDoor.refuse(response, response.getStatus(), why, callback);
        return true;
    }
}
