package airlock.vm;

import airlock.program.Program;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Another host: a network namespace behind a veth pair, in which a program listens. The addresses
/// are of TEST-NET-2 (RFC 5737).
final class OutsideHost implements AutoCloseable {
    static final String ADDRESS = "198.51.100.2";

    /// This host's end of the cable.
    static final String HERE = "198.51.100.1";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String name = "alk" + ProcessHandle.current().pid();
    private final List<Process> processes = new ArrayList<>();
    private String port = "";
    private String hindrance = "";

    /// Makes it, as far as this host allows.
    static OutsideHost open(String program) throws InterruptedException, IOException {
        var host = new OutsideHost();
        var commands =
                List.of(
                        "ip netns add NS",
                        "ip link add NSa type veth peer name NSb netns NS",
                        "ip addr add 198.51.100.1/30 dev NSa",
                        "ip link set NSa up",
                        "ip -n NS addr add 198.51.100.2/30 dev NSb",
                        "ip -n NS link set NSb up");
        for (String command : commands) {
            var result = Program.run(host.words(command), LIMIT);
            if (!result.passed()) {
                host.hindrance = command + ": " + result.lastLine();
                return host;
            }
        }
        var line = host.words("ip netns exec NS /usr/bin/perl -e");
        line.addAll(List.of(program, "listen", ADDRESS));
        var listener = new ProcessBuilder(line).start();
        host.processes.add(listener);
        host.port = String.valueOf(listener.inputReader().readLine());
        return host;
    }

    private List<String> words(String command) {
        return new ArrayList<>(List.of(command.replace("NS", name).split(" ", -1)));
    }

    /// Why it can't be made here; empty if it was.
    String hindrance() {
        return hindrance;
    }

    String port() {
        return port;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try {
            Program.run(words("ip link del NSa"), LIMIT);
            Program.run(words("ip netns del NS"), LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
