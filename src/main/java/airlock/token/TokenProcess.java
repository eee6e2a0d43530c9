package airlock.token;

import airlock.sandbox.RecordStream;
import airlock.text.SafeText;
import airlock.token.TokenDoor.Exchange;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The child JVM that has one token: reads one [TokenOrder], serves HTTP at a socket in its home,
/// speaks TLS to the token's server, and writes [Message]s.
public final class TokenProcess {
    static final String SOCKET = "http";

    private static final int PLATFORM_THREADS = 8;

    private TokenProcess() {}

    /// Serves one order; the argument is the path of an empty directory, in place of a home.
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

    private static void serve(TokenOrder order, Parent parent, Path socket) throws Exception {
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
        server.start();
    }

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
        new Exchange(request, response, callback).refuse(response.getStatus(), why);
        return true;
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    sealed interface Message {
        record Ready() implements Message {}

        record Said(String line) implements Message {}

        record Leaked(String why) implements Message {}
    }

    record Parent(RecordStream records) {
        void said(String line) throws IOException {
            records.write(new Message.Said(SafeText.line(line, SafeText.SAID)));
        }

        /// An answer contained the token. Does not return: the server ends this process, and until
        /// then nothing more of the answer is passed on.
        void leaked(String why) throws IOException, InterruptedException {
            records.write(new Message.Leaked(SafeText.line(why, SafeText.SAID)));
            new CountDownLatch(1).await();
        }
    }

    /// Jetty's connector at a socket in the file system. Only users who may enter its directory can
    /// connect.
    private static final class UnixConnector extends ServerConnector {
        private final ServerSocketChannel listens;

        /// Listens at once; connections wait until the connector is started.
        ///
        /// @param path of the new socket, at most 107 bytes (unix(7))
        UnixConnector(Server server, Path path, ConnectionFactory http) throws IOException {
            super(server, 1, 1, http);
            this.listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listens.bind(UnixDomainSocketAddress.of(path));
        }

        @Override
        public void open() {
            // the constructor did
        }

        @Override
        public boolean isOpen() {
            return listens.isOpen();
        }

        @Override
        public void accept(int acceptor) throws IOException {
            SocketChannel channel = listens.accept();
            channel.configureBlocking(false);
            getSelectorManager().accept(channel);
        }

        @Override
        public Object getTransport() {
            return listens;
        }
    }
}
