package airlock.agent;

import airlock.uplink.GuestStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;

/// A Unix socket whose connections are streams to an agent, as in a VM.
final class AgentSocket implements AutoCloseable {
    private final Path path;
    private final ServerSocketChannel listens;

    AgentSocket(Path path, PhaseAgent agent) throws IOException {
        this.path = path;
        listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listens.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual().start(() -> accept(agent));
    }

    Path path() {
        return path;
    }

    private void accept(PhaseAgent agent) {
        try {
            while (true) {
                SocketChannel client = listens.accept();
                var stream = new GuestStream();
                Thread.ofVirtual().start(() -> serve(agent, stream));
                Thread.ofVirtual().start(() -> says(client, stream));
                Thread.ofVirtual().start(() -> hears(client, stream));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void serve(PhaseAgent agent, GuestStream stream) {
        try {
            agent.serve(stream.host());
        } catch (InterruptedException _) {
            stream.host().reset();
        }
    }

    private static void says(SocketChannel client, GuestStream stream) {
        var buffer = ByteBuffer.allocate(4096);
        try {
            while (client.read(buffer.clear()) >= 0) {
                stream.say(Arrays.copyOf(buffer.array(), buffer.position()));
            }
        } catch (IOException | InterruptedException _) {
            // it has hung up
        }
        stream.end();
    }

    private static void hears(SocketChannel client, GuestStream stream) {
        try (client) {
            for (var bytes = stream.hear(); bytes.isPresent(); bytes = stream.hear()) {
                client.write(ByteBuffer.wrap(bytes.orElseThrow()));
            }
        } catch (IOException | InterruptedException _) {
            // it has hung up
        }
    }

    @Override
    public void close() {
        try {
            listens.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
