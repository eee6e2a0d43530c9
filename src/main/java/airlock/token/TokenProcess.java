package airlock.token;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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

/// The child that has one token: takes one [TokenOrder] on its standard input, serves HTTP at a
/// socket in its home and speaks TLS to the token's server; says [Message]s on its standard output.
/// The input's end is the server's end: the child ends at once, whatever it is doing.
public final class TokenProcess {
    /// In its home.
    static final String SOCKET = "http";

    private static final int PLATFORM_THREADS = 8;

    private TokenProcess() {}

    /// Serves one order.
    ///
    /// @param arguments the path of an empty directory, in place of a home
    public static void main(String[] arguments) throws Exception {
        var in = new DataInputStream(System.in);
        var parent = new Parent(new DataOutputStream(System.out));
        System.setOut(System.err); // nothing else may write into the protocol
        TokenOrder order;
        try {
            order = OrderCodec.read(in);
        } catch (EOFException _) {
            return; // the server has ended already
        }
        Thread.ofPlatform().daemon().name("parent").start(() -> endWithInput(in));
        serve(order, parent, Path.of(arguments[0]).resolve(SOCKET));
        parent.ready();
    }

    private static void serve(TokenOrder order, Parent parent, Path socket)
            throws IOException, GeneralSecurityException {
        var threads = new QueuedThreadPool(PLATFORM_THREADS);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var server = new Server(threads);
        var connector = new UnixConnector(server, socket, new StrictHttp());
        // the host's silence ends a request earlier, with words
        var limits = order.limits();
        connector.setIdleTimeout(
                limits.silence().multipliedBy(2).plus(limits.connect()).toMillis());
        server.addConnector(connector);
        server.setHandler(new TokenDoor(order, new OriginClient(order), parent));
        server.setErrorHandler(
                (request, response, callback) -> malformed(parent, request, response, callback));
        start(server);
    }

    /// Jetty's own declares every exception.
    private static void start(Server server) throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the token's HTTP server does not start", e);
        }
    }

    /// What is no HTTP, or breaks in the middle.
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

    private static void endWithInput(InputStream in) {
        try {
            while (in.read() >= 0) {
                // nothing more is to come; whatever comes is ignored
            }
        } catch (IOException _) {
            // as good as the end
        }
        Runtime.getRuntime().halt(1);
    }
}
