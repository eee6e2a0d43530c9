package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.uplink.Terminal.WindowSize;
import airlock.vm.GuestBuild;
import airlock.vm.GuestRecord;
import airlock.vm.GuestStep;
import airlock.vm.HostExecutor;
import airlock.vm.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Assertions;

/// The guest program as a process of this host. Its step runs until this is closed; a test that
/// connects to its doors meanwhile acts as one of its programs.
final class GuestInProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final Path folder;
    private final List<Integer> ports;
    private final int proxy;
    private final CompletableFuture<List<GuestRecord>> records;
    private final Served served;

    private GuestInProcess(
            Path folder,
            List<Integer> ports,
            int proxy,
            CompletableFuture<List<GuestRecord>> records,
            Served served) {
        this.folder = folder;
        this.ports = ports;
        this.proxy = proxy;
        this.records = records;
        this.served = served;
    }

    /// The host's side, once the guest has connected.
    private record Served(
            CompletableFuture<Uplink> uplink, CompletableFuture<Optional<String>> ending) {}

    /// With a door for each host, or with a proxy if there are no hosts.
    static GuestInProcess start(Path folder, Uplink.Server server, String... hosts)
            throws IOException {
        var ports = new ArrayList<Integer>();
        var targets = new ArrayList<String>();
        for (String host : hosts) {
            ports.add(freePort());
            targets.add(host + ":" + ports.getLast());
        }
        var connect = new GuestStep.Connect(targets, List.of(), targets.isEmpty(), false);
        return start(folder, server, ports, List.of(step(connect), waiting(folder))).up();
    }

    /// With tokens and an agent.
    static GuestInProcess offering(Path folder, Uplink.Server server, String... tokens)
            throws IOException {
        var connect = new GuestStep.Connect(List.of(), List.of(tokens), false, true);
        return start(folder, server, List.of(), List.of(step(connect), waiting(folder))).up();
    }

    /// With these steps only.
    static GuestInProcess running(Path folder, Step... steps) throws IOException {
        Uplink.Server none = offer -> offer.refuse("not served");
        return start(folder, none, List.of(), List.of(steps));
    }

    /// With a door, and after that a terminal.
    static GuestInProcess withDoorAndTerminal(Path folder, Uplink.Server server, Step terminal)
            throws IOException {
        int port = freePort();
        var connect = new GuestStep.Connect(List.of("a.example:" + port), List.of(), false, true);
        return start(
                        folder,
                        server,
                        List.of(port),
                        List.of(step(connect), waiting(folder), terminal))
                .up();
    }

    private static GuestInProcess start(
            Path folder, Uplink.Server server, List<Integer> ports, List<Step> steps)
            throws IOException {
        int proxy = freePort();
        Path socket = folder.resolve("uplink");
        var served = served(socket, server);
        var executor = new HostExecutor(GuestBuild.once().executor(), folder);
        var records =
                CompletableFuture.supplyAsync(() -> executor.run(steps, socket, proxy), THREADS);
        return new GuestInProcess(folder, ports, proxy, records, served);
    }

    private static Served served(Path socket, Uplink.Server server) throws IOException {
        var listens = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listens.bind(UnixDomainSocketAddress.of(socket));
        var there = new CompletableFuture<Uplink>();
        var ending =
                CompletableFuture.supplyAsync(
                        () -> {
                            try (listens;
                                    var port = listens.accept()) {
                                var in = Channels.newInputStream(port);
                                var out = Channels.newOutputStream(port);
                                var uplink = new Uplink(in, out, server);
                                there.complete(uplink);
                                return uplink.run();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        THREADS);
        return new Served(there, ending);
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

    static Step step(GuestStep what) {
        return new Step("", what, false);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private GuestInProcess up() {
        await().until(() -> records.isDone() || Files.exists(folder.resolve("up")));
        if (records.isDone()) {
            Assertions.fail("the step did not begin: " + records.join());
        }
        return this;
    }

    /// The host's side.
    Uplink uplink() {
        return served.uplink().join();
    }

    /// A terminal that the guest has opened.
    Terminal terminal(int columns, int rows) throws InterruptedException {
        return switch (uplink().openTerminal(new WindowSize(columns, rows), PATIENCE)) {
            case Terminal.Opening.Opened(var terminal) -> terminal;
            case Terminal.Opening.Refused(var why) -> throw new AssertionError(why);
            case Terminal.Opening.NoAnswer(var why) -> throw new AssertionError(why);
        };
    }

    /// Ends the step that waits.
    void goOn() throws IOException {
        Files.writeString(folder.resolve("over"), "");
    }

    /// The guest's records, once it has ended.
    List<GuestRecord> records() {
        return records.join();
    }

    /// The port of the proxy and the tokens.
    int proxy() {
        return proxy;
    }

    int port(int door) {
        return ports.get(door);
    }

    /// Connects to a door as a program would.
    Socket connect(int door) throws IOException {
        var socket = new Socket("127.1.0." + (door + 1), ports.get(door));
        socket.setSoTimeout(30_000);
        return socket;
    }

    /// The proxy's whole answer to a client that sends only this.
    String proxied(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /// The address of a name, by the guest's resolver. Source of the format: RFC 1035, 4.1.
    String resolved(String name) throws IOException {
        var query = new ByteArrayOutputStream();
        query.writeBytes(new byte[] {7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("\\.", -1)) {
            query.write(label.length());
            query.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        query.writeBytes(new byte[] {0, 0, 1, 0, 1});
        try (var socket = new DatagramSocket()) {
            var resolver = new InetSocketAddress("127.0.0.53", proxy);
            socket.setSoTimeout(30_000);
            socket.send(new DatagramPacket(query.toByteArray(), query.size(), resolver));
            var answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            int end = answer.getLength();
            return InetAddress.getByAddress(Arrays.copyOfRange(answer.getData(), end - 4, end))
                    .getHostAddress();
        }
    }

    /// Sets a script that the step runs before it ends.
    void say(String script) throws IOException {
        Files.writeString(folder.resolve("words"), script);
    }

    /// Ends the step, and checks that both sides ended well.
    @Override
    public void close() throws IOException {
        goOn();
        assertThat(records.join().getLast())
                .isInstanceOfSatisfying(
                        GuestRecord.Finished.class, end -> assertThat(end.passed()).isTrue());
        assertThat(served.ending().join()).isEmpty();
    }
}
