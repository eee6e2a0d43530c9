package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.vm.GuestBuild;
import airlock.vm.GuestRecord;
import airlock.vm.GuestStep;
import airlock.vm.HostExecutor;
import airlock.vm.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Assertions;

/// The guest program as a process of this host, whose step runs until this is closed: whoever
/// connects to its doors meanwhile is one of its programs.
final class GuestInProcess implements AutoCloseable {
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Path folder;
    private final List<Integer> ports;
    private final int proxy;
    private final CompletableFuture<List<GuestRecord>> records;
    private final CompletableFuture<Uplink.Ending> ending;

    private GuestInProcess(
            Path folder,
            List<Integer> ports,
            int proxy,
            CompletableFuture<List<GuestRecord>> records,
            CompletableFuture<Uplink.Ending> ending) {
        this.folder = folder;
        this.ports = ports;
        this.proxy = proxy;
        this.records = records;
        this.ending = ending;
    }

    /// With a door for each host; without any, with a proxy.
    static GuestInProcess start(Path folder, Uplink.Server server, String... hosts)
            throws IOException {
        var ports = new ArrayList<Integer>();
        var targets = new ArrayList<String>();
        for (String host : hosts) {
            ports.add(freePort());
            targets.add(host + ":" + ports.getLast());
        }
        int proxy = freePort();
        Path socket = folder.resolve("uplink");
        var ending = served(socket, server);
        var executor = new HostExecutor(GuestBuild.once().executor(), folder);
        var steps =
                List.of(step(new GuestStep.Connect(targets, targets.isEmpty())), waiting(folder));
        var records =
                CompletableFuture.supplyAsync(() -> executor.run(steps, socket, proxy), THREADS);
        var guest = new GuestInProcess(folder, ports, proxy, records, ending);
        guest.awaitUp();
        return guest;
    }

    private static CompletableFuture<Uplink.Ending> served(Path socket, Uplink.Server server)
            throws IOException {
        var listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listens.bind(UnixDomainSocketAddress.of(socket));
        return CompletableFuture.supplyAsync(
                () -> {
                    try (listens;
                            var port = listens.accept()) {
                        var in = Channels.newInputStream(port);
                        return new Uplink(in, Channels.newOutputStream(port), server).run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
    }

    private static Step waiting(Path folder) {
        String script =
                "touch up; until [ -e over ]; do sleep 0.05; done; [ ! -e words ] || . ./words";
        return step(
                new GuestStep.Execute(
                        List.of("bash", "-c", script),
                        Map.of("PATH", "/usr/bin:/bin"),
                        folder.toString(),
                        ""));
    }

    private static Step step(GuestStep what) {
        return new Step("", what, false);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitUp() {
        await().until(() -> records.isDone() || Files.exists(folder.resolve("up")));
        if (records.isDone()) {
            Assertions.fail("the step did not begin: " + records.join());
        }
    }

    int port(int door) {
        return ports.get(door);
    }

    /// A connection to a door, as a program's.
    Socket connect(int door) throws IOException {
        var socket = new Socket("127.1.0." + (door + 1), ports.get(door));
        socket.setSoTimeout(30_000);
        return socket;
    }

    /// All that the proxy answers to a client that sends no more than that.
    String proxied(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /// What the step does before it ends.
    void say(String script) throws IOException {
        Files.writeString(folder.resolve("words"), script);
    }

    /// Ends the step; nothing of it may have failed, on either side.
    @Override
    public void close() throws IOException {
        Files.writeString(folder.resolve("over"), "");
        assertThat(records.join().getLast())
                .isInstanceOfSatisfying(
                        GuestRecord.Finished.class, end -> assertThat(end.passed()).isTrue());
        assertThat(ending.join()).isInstanceOf(Uplink.Ending.Closed.class);
    }
}
