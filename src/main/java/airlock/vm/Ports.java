package airlock.vm;

import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumMap;
import java.util.Map;

/// The host's ends of a VM's ports. Each accepts one connection, QEMU's, and then stops listening.
final class Ports implements AutoCloseable {
    private final Map<Port, ServerSocketChannel> listening = new EnumMap<>(Port.class);
    private final Map<Port, SocketChannel> connected = new EnumMap<>(Port.class);

    private Ports() {}

    static Ports listen(VmFiles files) throws IOException {
        var ports = new Ports();
        try {
            for (Port port : Port.values()) {
                var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ports.listening.put(port, socket);
                socket.bind(UnixDomainSocketAddress.of(files.socket(port)), 1);
            }
            return ports;
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    /// Waits until QEMU has connected to all.
    ///
    /// @throws IOException also if [#refuse] is called
    void accept() throws IOException {
        for (var port : listening.entrySet()) {
            connected.put(port.getKey(), port.getValue().accept());
            port.getValue().close();
        }
    }

    /// Makes [#accept] fail.
    void refuse() {
        listening.values().forEach(Ports::close);
    }

    SocketChannel channel(Port port) {
        var channel = connected.get(port);
        if (channel == null) {
            throw new IllegalStateException(port + " is not connected");
        }
        return channel;
    }

    @Override
    public void close() {
        refuse();
        connected.values().forEach(Ports::close);
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception _) {
            // nothing that matters is lost
        }
    }
}
