package airlock.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a child JVM is started: this program's own classes, an environment of three variables, and
/// no secret among the arguments.
///
/// @param main its main class; gets the path of its home as the first argument
/// @param heap the largest heap, in bytes
/// @param limits the programs that set its limits and start it, such as `prlimit --core=0`
/// @param options for `java`, besides those that all child JVMs have
public record JvmSpec(
        OwnJvm own,
        Class<?> main,
        long heap,
        List<String> limits,
        List<String> options,
        Sandbox sandbox) {
    private static final long MIB = 1 << 20;

    private static final List<String> ENVIRONMENT =
            List.of("env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2");

    private static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    // they are too short-lived for the second compiler to pay off
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xshare:auto",
                    // standard output is the protocol, and a log would have no reader
                    "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");

    /// The heap's limit, for people.
    public String memory() {
        return heap / MIB + " MiB";
    }

    /// Starts one in an empty home.
    Process start(Path home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(ENVIRONMENT);
        command.addAll(limits);
        command.addAll(List.of(own.java().toString(), "-Xmx" + heap / MIB + "m"));
        command.addAll(OPTIONS);
        command.addAll(options);
        command.addAll(own.options());
        command.addAll(List.of("-Duser.home=" + home, "-Djava.io.tmpdir=" + home));
        command.addAll(List.of("-cp", own.classPath(), main.getName(), home.toString()));
        command.addAll(List.of(arguments));
        try {
            return sandbox.start(home, own.reads(), command);
        } catch (IOException e) {
            throw new IOException(
                    "cannot start a child JVM (it needs prlimit of util-linux and %s): %s"
                            .formatted(own.java(), e.getMessage()),
                    e);
        }
    }

    /// The JVM and class path of this program, for its child JVMs.
    ///
    /// @param java the `java` to run
    /// @param classPath with absolute paths
    public record OwnJvm(Path java, String classPath) {
        private static final String TRUST_STORE = "javax.net.ssl.trustStore";

        /// Those of the running program.
        public static OwnJvm running() {
            String classPath =
                    Stream.of(System.getProperty("java.class.path").split(":"))
                            .map(entry -> Path.of(entry).toAbsolutePath().toString())
                            .collect(Collectors.joining(":"));
            return new OwnJvm(Path.of(System.getProperty("java.home"), "bin", "java"), classPath);
        }

        /// The files that a child reads, besides those of the system.
        public List<Path> reads() throws IOException {
            List<Path> files = new ArrayList<>();
            files.add(Path.of(System.getProperty("java.home")));
            for (String entry : classPath.split(":", -1)) {
                files.add(Path.of(entry));
                files.addAll(namedBy(Path.of(entry)));
            }
            Optional.ofNullable(System.getProperty(TRUST_STORE))
                    .map(Path::of)
                    .ifPresent(files::add);
            return files.stream().filter(Files::exists).map(Path::toAbsolutePath).toList();
        }

        /// The jars in the `Class-Path` of a jar's manifest.
        private static List<Path> namedBy(Path entry) throws IOException {
            if (!Files.isRegularFile(entry)) {
                return List.of();
            }
            try (var jar = new JarFile(entry.toFile())) {
                var manifest = Optional.ofNullable(jar.getManifest());
                String named =
                        manifest.map(
                                        m ->
                                                m.getMainAttributes()
                                                        .getValue(Attributes.Name.CLASS_PATH))
                                .orElse("");
                return Stream.of(named.split(" ", -1))
                        .filter(name -> !name.isEmpty())
                        .map(name -> entry.resolveSibling(name))
                        .toList();
            }
        }

        /// Options of each child: messages of the JVM (out of memory) go to standard error, since
        /// standard output is the protocol, and the operator's own certificate authorities apply.
        public List<String> options() {
            List<String> options = new ArrayList<>(List.of("-XX:+DisplayVMOutputToStderr"));
            for (String name : List.of(TRUST_STORE, "javax.net.ssl.trustStoreType")) {
                String value = System.getProperty(name);
                if (value != null) {
                    options.add("-D" + name + "=" + value);
                }
            }
            return options;
        }
    }
}
