package airlock.vm;

import airlock.sandbox.Confinement.Layer;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Attempts of an attacker who has broken out of a guest into QEMU's process, each a row of the
/// table in docs/security.md.
enum EscapeAttempt {
    READ_DATABASE("read the database", s -> read(s.path("state/airlock.db")), user(), view()),
    READ_KEY(
            "read the key that seals secrets",
            s -> read(s.path("state/secret.key")),
            user(),
            view()),
    READ_CONFIGURATION(
            "read the configuration and its secret files",
            s -> read(s.path("config/secrets/forge-token")),
            user(),
            view()),
    READ_DRIVES("read another run's drives", s -> read(s.otherDrive()), user(), view()),
    READ_SECRETS("read another run's secrets drive", s -> read(s.otherSecrets()), user(), view()),
    READ_SSH(
            "read the ssh keys of the server's user",
            s -> read(s.path("home/.ssh/id_ed25519")),
            user(),
            view()),
    READ_MEMORY("read the server's memory", s -> List.of("memory-of", s.server()), user(), view()),
    WRITE_IMAGE("write the image", s -> write(s.path("images/disk.qcow2")), user(), view()),
    WRITE_KERNEL("write the image's kernel", s -> write(s.path("images/kernel")), user(), view()),
    WRITE_INPUT("write a drive that it may only read", s -> write(s.input()), user(), view()),
    WRITE_STATE("write the server's files", s -> write(s.path("state/airlock.db")), user(), view()),
    WRITE_FOLDER(
            "make a file in its VM's folder", s -> List.of("file-in", s.folder()), user(), view()),
    WRITE_ANYWHERE(
            "make a file anywhere",
            s ->
                    List.of(
                            "file-in",
                            "/",
                            "/usr",
                            "/etc",
                            "/run",
                            "/dev",
                            "/dev/shm",
                            "/var/tmp",
                            "/tmp"),
            view()),
    CONNECT_CONTROL(
            "connect to the control socket",
            s -> List.of("unix", s.path("state/control.sock")),
            user(),
            view()),
    CONNECT_ABSTRACT(
            "connect to an abstract Unix socket", s -> List.of("abstract", s.mark()), view()),
    CONNECT_LOOPBACK(
            "connect to loopback", s -> List.of("tcp", "127.0.0.1", s.loopbackPort()), view()),
    CONNECT_SERVER(
            "connect to the server's port",
            s -> List.of("tcp", s.hostAddress(), s.serverPort()),
            view()),
    CONNECT_OUTSIDE(
            "connect to another host",
            s -> List.of("tcp", OutsideHost.ADDRESS, s.outsidePort()),
            view()),
    SEE_PROCESSES("see other processes", s -> List.of("see", s.server()), view()),
    KILL_PROCESS("end another process", s -> List.of("kill", s.victim()), user(), view()),
    LEAVE_SHELL("leave a shell that outlives it", s -> List.of("shell", s.mark()), view(), group()),
    FILL_DISK(
            "make a file larger than its limit",
            s -> List.of("extend", s.overlay(), "" + (s.box().fileBytes() + 1)),
            limits()),
    RESERVE_MEMORY(
            "reserve more address space than its limit",
            s -> List.of("reserve", "" + (s.box().addressBytes() + (1L << 30))),
            limits()),
    HOLD_MEMORY(
            "hold more memory than its limit",
            s -> List.of("hold", "" + (s.groupMemory() + (256L << 20))),
            group()),
    EXHAUST_TASKS(
            "start more than 512 processes",
            s -> List.of("tasks", "600"),
            group(),
            Set.of(Layer.LIMITS, Layer.OWN_USER));

    private final String words;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that keep nothing, and unmodifiable sets
    private final Function<EscapeScene, List<String>> command;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Set<Layer>> walls;

    /// @param command the verb of `escape.pl` and its arguments
    /// @param walls sets of layers each of which stops it alone
    @SafeVarargs
    @SuppressWarnings("varargs")
    EscapeAttempt(String words, Function<EscapeScene, List<String>> command, Set<Layer>... walls) {
        this.words = words;
        this.command = command;
        this.walls = List.of(walls);
    }

    /// As in the table.
    String words() {
        return words;
    }

    List<String> command(EscapeScene scene) {
        return command.apply(scene);
    }

    /// Whether these layers together stop it.
    boolean isStoppedBy(Set<Layer> held) {
        return walls.stream().anyMatch(held::containsAll);
    }

    private static List<String> read(String file) {
        return List.of("read", file);
    }

    private static List<String> write(String file) {
        return List.of("write", file);
    }

    private static Set<Layer> user() {
        return Set.of(Layer.OWN_USER);
    }

    private static Set<Layer> view() {
        return Set.of(Layer.NAMESPACES);
    }

    private static Set<Layer> limits() {
        return Set.of(Layer.LIMITS);
    }

    private static Set<Layer> group() {
        return Set.of(Layer.CONTROL_GROUP);
    }
}
