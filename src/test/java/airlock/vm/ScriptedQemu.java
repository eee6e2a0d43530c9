package airlock.vm;

import airlock.program.Program;
import airlock.sandbox.Launcher;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// A double of QEMU, in a process of its own: it connects to the ports of its command line, answers
/// QMP and follows its script. Instead of a guest it sends records.
final class ScriptedQemu {
    private static final Pattern CHARDEV = Pattern.compile("socket,id=(\\w+),path=(.*)");
    private static final Pattern COMMAND =
            Pattern.compile("\\{\"execute\":\"([a-z_-]+)\",\"id\":(\\d+)}");

    /// The records Ready and Finished (docs/guest-protocol.md), the latter with all passed.
    private static final byte[] READY = {4, 0, 0, 0, 1, 1, 0, 0, 0};

    private static final byte[] FINISHED = {10, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0};

    private final Script script;
    private final Map<String, SocketChannel> ports = new HashMap<>();
    private String status = "prelaunch";

    private ScriptedQemu(Script script) {
        this.script = script;
    }

    enum Script {
        /// It ends before it has connected.
        REFUSES_KVM,
        /// It connects and dies before it greets.
        DIES_BEFORE_GREETING,
        /// It dies when the guest is to run.
        DIES_IN_KVM,
        /// The guest is paused, and QEMU stays.
        INTERNAL_ERROR,
        /// The guest runs and never sends anything.
        HANGS,
        /// The guest comes to its gate and does its work.
        WORKS
    }

    /// A launcher that starts this instead of QEMU.
    static Launcher launcher(Script script) {
        return new Launcher(
                program -> {
                    var line = new ArrayList<String>();
                    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
                    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
                    line.add(Path.of("target", "test-classes").toAbsolutePath().toString());
                    line.addAll(List.of(ScriptedQemu.class.getName(), script.name()));
                    line.addAll(program.argv());
                    return Program.of(line)
                            .withErrorsInOutput()
                            .withOnly(QemuSandbox.ENVIRONMENT)
                            .start();
                });
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(new ScriptedQemu(Script.valueOf(arguments[0])).run(arguments));
    }

    private int run(String[] line) throws IOException {
        if (script == Script.REFUSES_KVM) {
            // the wording of QEMU 10.0, with what a terminal would obey
            System.err.println(
                    "qemu-system-x86_64: -accel kvm: Could not access KVM kernel module");
            System.err.println(
                    "qemu-system-x86_64: failed to initialize kvm:\u001b[2J Not permitted");
            return 1;
        }
        for (String word : line) {
            var chardev = CHARDEV.matcher(word);
            if (chardev.matches()) {
                var port = SocketChannel.open(StandardProtocolFamily.UNIX);
                port.connect(UnixDomainSocketAddress.of(chardev.group(2)));
                ports.put(chardev.group(1), port);
            }
        }
        if (script == Script.DIES_BEFORE_GREETING) {
            System.err.println("qemu-system-x86_64: error: failed to set MSR 0x10a to 0xc000069");
            System.err.println("qemu-system-x86_64: kvm.c:3877: Assertion failed.");
            return 134;
        }
        send("qmp", "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n");
        return obey();
    }

    private int obey() throws IOException {
        var lines =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(port("qmp")), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            var command = COMMAND.matcher(line);
            if (!command.matches()) {
                return 3;
            }
            if (command.group(1).equals("cont") && script == Script.DIES_IN_KVM) {
                System.err.println("error: kvm run failed Bad address");
                return 134;
            }
            boolean asked = command.group(1).equals("query-status");
            answer(command.group(2), asked ? "\"status\": \"" + status + "\"" : "");
            switch (command.group(1)) {
                case "cont" -> begin();
                case "quit" -> {
                    return 0;
                }
                default -> {}
            }
        }
        return 0;
    }

    private void begin() throws IOException {
        status = "running";
        switch (script) {
            case INTERNAL_ERROR -> {
                status = "internal-error";
                System.err.println("KVM internal error. Suberror: 1");
                send("qmp", "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1}}\n");
            }
            case WORKS -> {
                port("log").write(ByteBuffer.wrap(READY));
                port("log").write(ByteBuffer.wrap(FINISHED));
            }
            case REFUSES_KVM, DIES_BEFORE_GREETING, DIES_IN_KVM, HANGS -> {}
        }
    }

    private void answer(String id, String values) throws IOException {
        send("qmp", "{\"return\": {" + values + "}, \"id\": " + id + "}\n");
    }

    private void send(String port, String text) throws IOException {
        port(port).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private SocketChannel port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }
}
