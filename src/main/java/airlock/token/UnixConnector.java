package airlock.token;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// Jetty's connector at a socket in the file system. Only users who may enter its directory can
/// connect.
final class UnixConnector extends ServerConnector {
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
