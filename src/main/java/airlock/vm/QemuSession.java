package airlock.vm;

import airlock.base.Json;
import airlock.sandbox.Hierarchy.Weight;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One QEMU in its walls and the host's end of its monitor. Whoever starts it ends it.
final class QemuSession {
    static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration MOVE = Duration.ofSeconds(60);
    private static final String GONE = "gone";

    private final ControlGroup group;
    private final QemuProcess process;
    private final VmFiles files;
    private final Ports ports;
    private final Consumer<VmSignal> signals;

    /// What QEMU tells of saving and loading: `completed` and `failed` end it.
    private final BlockingQueue<String> moves = new LinkedBlockingQueue<>();

    private @Nullable Qmp qmp;
    private boolean quits;

    /// Starts it.
    ///
    /// @param signals hear what QEMU tells, and its end
    QemuSession(QemuParts parts, Ports ports, Consumer<VmSignal> signals)
            throws IOException, InterruptedException {
        this.ports = ports;
        this.signals = signals;
        this.files = parts.files();
        this.group = parts.group();
        try {
            this.process = new QemuProcess(parts.launch(group), this::exited);
        } catch (IOException | InterruptedException | RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /// Gives it another share of a busy machine.
    void weigh(Weight weight) {
        group.weigh(weight);
    }

    /// CPU time that it has taken since its start.
    Duration cpuTime() {
        return process.cpuTime();
    }

    /// The end of its VM, with what its control group knows.
    VmEnd explained(VmEnd end) {
        return group.explained(end);
    }

    private void exited(VmSignal.Exited exited) {
        signals.accept(exited);
        moves.add(GONE);
        ports.refuse();
    }

    private void told(QmpMessage.Event event) {
        if (event.name().equals("MIGRATION")) {
            moves.add(event.data().getOrDefault("status", ""));
        } else {
            signals.accept(new VmSignal.QemuTold(event.name(), event.data()));
        }
    }

    /// Waits until QEMU has connected to all ports, and agrees on the protocol.
    ///
    /// @return why it could not; empty when it could
    Optional<String> connect() throws IOException, InterruptedException {
        RunMarker.write(files.directory(), process.pid());
        var late =
                CompletableFuture.runAsync(
                        ports::refuse,
                        CompletableFuture.delayedExecutor(
                                CONNECT.toMillis(), TimeUnit.MILLISECONDS));
        try {
            ports.accept();
        } catch (IOException _) {
            return Optional.of("QEMU did not connect in %d s".formatted(CONNECT.toSeconds()));
        } finally {
            late.cancel(false);
        }
        process.look();
        var monitor = new Qmp(ports.channel(Port.QMP), this::told, () -> {});
        qmp = monitor;
        return failure(monitor.open(ANSWER));
    }

    private Qmp qmp() {
        if (qmp == null) {
            throw new IllegalStateException("not connected");
        }
        return qmp;
    }

    private static Optional<String> failure(Qmp.Answer answer) {
        return switch (answer) {
            case Qmp.Answer.Done _ -> Optional.empty();
            case Qmp.Answer.Failed(var reason) -> Optional.of(reason);
        };
    }

    /// Has QEMU do a command.
    Qmp.Answer ask(String command) throws InterruptedException {
        return qmp().execute(command, ANSWER);
    }

    /// Lets the guest run.
    ///
    /// @return why it could not; empty when it could
    Optional<String> run() throws InterruptedException {
        return failure(ask("cont"));
    }

    /// Lets the guest stand still.
    ///
    /// @return why it could not; empty when it could
    Optional<String> pause() throws InterruptedException {
        return failure(ask("stop"));
    }

    /// Stops the guest and writes all of it but its memory into a file that is there.
    ///
    /// @return why it could not; empty when it could
    Optional<String> save(Path file) throws InterruptedException {
        var stopped = pause();
        return stopped.isPresent() ? stopped : move("migrate", file);
    }

    /// Reads what [#save(Path)] wrote.
    ///
    /// @return why it could not; empty when it could
    Optional<String> load(Path file) throws InterruptedException {
        return move("migrate-incoming", file);
    }

    private Optional<String> move(String command, Path file) throws InterruptedException {
        var json = Json.MAPPER;
        var capabilities = json.createObjectNode();
        var list = capabilities.putArray("capabilities");
        // memory that is a file stays where it is; `file:`, since the sandbox denies what `exec:`
        // needs; never with mapped-ram, which QEMU 10 can't do together
        list.addObject().put("capability", "x-ignore-shared").put("state", true);
        list.addObject().put("capability", "events").put("state", true);
        var refused = failure(qmp().execute("migrate-set-capabilities", capabilities, ANSWER));
        if (refused.isPresent()) {
            return refused;
        }
        var where = json.createObjectNode();
        var channel = where.putArray("channels").addObject().put("channel-type", "main");
        channel.putObject("addr")
                .put("transport", "file")
                .put("filename", file.toString())
                .put("offset", 0);
        refused = failure(qmp().execute(command, where, ANSWER));
        return refused.isPresent() ? refused : moved(command);
    }

    private Optional<String> moved(String command) throws InterruptedException {
        long end = System.nanoTime() + MOVE.toNanos();
        while (true) {
            String status = moves.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (status) {
                case "completed" -> {
                    return Optional.empty();
                }
                case "failed" -> {
                    return Optional.of(command + " failed: " + why());
                }
                case GONE -> {
                    return Optional.of("QEMU ended during " + command);
                }
                case null -> {
                    return Optional.of(command + " took longer than " + MOVE);
                }
                default -> {} // on its way
            }
        }
    }

    private String why() throws InterruptedException {
        return switch (ask("query-migrate")) {
            case Qmp.Answer.Done(var values) ->
                    values.getOrDefault("error-desc", "no reason given");
            case Qmp.Answer.Failed(var reason) -> reason;
        };
    }

    /// Tells QEMU to end, so that it need not be killed.
    void quit() throws InterruptedException {
        quits = ask("quit") instanceof Qmp.Answer.Done;
    }

    /// Ends it; when this returns, no process of it is left.
    void end() throws InterruptedException {
        try {
            process.end(quits);
        } finally {
            if (qmp != null) {
                qmp.close();
            }
            group.close();
        }
    }
}
