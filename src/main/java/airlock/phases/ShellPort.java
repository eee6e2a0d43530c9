package airlock.phases;

import airlock.egress.WayOut;
import airlock.uplink.Terminal;
import airlock.uplink.Terminal.WindowSize;
import airlock.uplink.Uplink;
import airlock.vm.VmSpec.PortServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The uplink port of a VM that a person may enter. During the phase it serves the phase's network,
/// if it has one; from [#turn] on it carries terminals only.
final class ShellPort implements PortServer {
    private static final Logger LOG = LoggerFactory.getLogger(ShellPort.class);

    /// How long a guest may take to open a terminal, under emulation on a busy machine.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Optional<WayOut> phase;
    private final CompletableFuture<Boolean> turned = new CompletableFuture<>();
    private final CompletableFuture<Optional<Uplink>> uplink = new CompletableFuture<>();

    ShellPort(Optional<WayOut> phase) {
        this.phase = phase;
    }

    @Override
    public void serve(InputStream in, OutputStream out) {
        if (phase.isEmpty() && !turned.join()) {
            return;
        }
        var served =
                phase.map(way -> way.uplink(in, out)).orElseGet(() -> Uplink.ofTerminals(in, out));
        if (turned.getNow(false)) {
            served.serveTerminalsOnly();
        }
        uplink.complete(Optional.of(served));
        served.run()
                .ifPresent(
                        why ->
                                LOG.warn(
                                        "a guest broke the rules of its uplink, which is closed: {}",
                                        why));
    }

    /// Ends the phase's streams.
    void turn() {
        turned.complete(true);
        uplink.getNow(Optional.empty()).ifPresent(Uplink::serveTerminalsOnly);
    }

    @Override
    public void over() {
        turned.complete(false);
        uplink.complete(Optional.empty());
    }

    Terminal.Opening open(WindowSize size) throws InterruptedException {
        try {
            var served = uplink.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return served.isEmpty()
                    ? new Terminal.Opening.NoAnswer("its machine has ended")
                    : served.orElseThrow().openTerminal(size, PATIENCE);
        } catch (TimeoutException _) {
            return new Terminal.Opening.NoAnswer("its machine is not ready");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
