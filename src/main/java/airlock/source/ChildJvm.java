package airlock.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a fetch process is started: this program's own classes in another JVM, with limits set by
/// prlimit(1), an environment of three variables and nothing secret among its arguments.
///
/// @param java the `java` to run
/// @param classPath absolute
/// @param heap the largest heap, in bytes
/// @param fileSize the largest file that it may write, in bytes
/// @param cpuTime how long it may compute
/// @param box what it is started in
public record ChildJvm(
        Path java, String classPath, long heap, long fileSize, Duration cpuTime, FetchBox box) {
    private static final long MIB = 1 << 20;

    /// Beside the heap: code, classes, stacks, mapped packs (512 MiB) and what the JVM only
    /// reserves.
    private static final long ADDRESS_SPACE = 3L << 30;

    private static final int OPEN_FILES = 1024;
    private static final Duration TRIAL = Duration.ofSeconds(60);
    private static final int LONGEST_COMPLAINT = 4096;
    private static final String TRUST_STORE = "javax.net.ssl.trustStore";

    /// The JVM and the classes that run now, with limits that fit [SourceLimits#DEFAULT].
    public static ChildJvm likeThisOne(FetchBox box) {
        String classPath =
                Stream.of(System.getProperty("java.class.path").split(":"))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .collect(Collectors.joining(":"));
        return new ChildJvm(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                classPath,
                768 * MIB,
                16L << 30,
                Duration.ofMinutes(30),
                box);
    }

    /// What it reads besides files of the system.
    private List<Path> reads() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(Path.of(System.getProperty("java.home")));
        for (String entry : classPath.split(":", -1)) {
            files.add(Path.of(entry));
            files.addAll(namedBy(Path.of(entry)));
        }
        Optional.ofNullable(System.getProperty(TRUST_STORE)).map(Path::of).ifPresent(files::add);
        return files.stream().filter(Files::exists).map(Path::toAbsolutePath).toList();
    }

    /// The jars that a jar's own manifest puts behind it in the class path.
    private static List<Path> namedBy(Path entry) throws IOException {
        if (!Files.isRegularFile(entry)) {
            return List.of();
        }
        try (var jar = new JarFile(entry.toFile())) {
            var manifest = Optional.ofNullable(jar.getManifest());
            String named =
                    manifest.map(m -> m.getMainAttributes().getValue(Attributes.Name.CLASS_PATH))
                            .orElse("");
            return Stream.of(named.split(" ", -1))
                    .filter(name -> !name.isEmpty())
                    .map(name -> entry.resolveSibling(name))
                    .toList();
        }
    }

    /// Starts one that loads its classes, writes a file into its home and ends.
    ///
    /// @param home an empty directory
    /// @return why it did not get ready; empty where it did
    public Optional<String> trial(Path home) throws IOException, InterruptedException {
        var process = start(home, List.of(FetchProcess.TRIAL));
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TRIAL.toSeconds(), TimeUnit.SECONDS)) {
                return Optional.of("it did not get ready in " + TRIAL.toSeconds() + " s");
            }
            String said;
            try (var errors = process.getErrorStream()) {
                said = new String(errors.readNBytes(LONGEST_COMPLAINT), StandardCharsets.UTF_8);
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(said.strip().lines().findFirst().orElse("no message"));
        } finally {
            FetchWorker.end(process);
        }
    }

    /// Starts one.
    ///
    /// @param home an empty directory
    /// @throws SourceException where that can't be done
    Process start(Path home) {
        return start(home, List.of());
    }

    private Process start(Path home, List<String> more) {
        List<String> command = new ArrayList<>(List.of("env", "-i"));
        command.addAll(List.of("PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "MALLOC_ARENA_MAX=2"));
        // it may take all that is idle, and nothing from those who answer
        command.addAll(List.of("nice", "-n", "10"));
        command.add("prlimit");
        command.add("--core=0");
        command.add("--cpu=" + cpuTime.toSeconds());
        command.add("--fsize=" + fileSize);
        command.add("--nofile=" + OPEN_FILES);
        command.add("--as=" + (heap + ADDRESS_SPACE));
        command.add(java.toString());
        command.addAll(options(home));
        command.addAll(List.of("-cp", classPath, FetchProcess.class.getName(), home.toString()));
        command.addAll(more);
        try {
            return box.start(home, reads(), command);
        } catch (IOException e) {
            throw new SourceException(
                    "the fetch process could not be started (it takes prlimit of util-linux and "
                            + java
                            + "): "
                            + e.getMessage(),
                    e);
        }
    }

    private List<String> options(Path home) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "-Xmx" + heap / MIB + "m",
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:MaxMetaspaceSize=128m",
                                "-XX:CompressedClassSpaceSize=64m",
                                "-XX:ReservedCodeCacheSize=96m",
                                "-Xshare:auto",
                                // it calls the kernel's Landlock
                                "--enable-native-access=ALL-UNNAMED",
                                "-Duser.home=" + home,
                                "-Djava.io.tmpdir=" + home,
                                "-Dsun.net.http.retryPost=false",
                                // its output is the protocol, and nobody would read a log
                                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"));
        // an operator's own certificate authorities hold for the child, too
        for (String name : List.of(TRUST_STORE, "javax.net.ssl.trustStoreType")) {
            String value = System.getProperty(name);
            if (value != null) {
                options.add("-D" + name + "=" + value);
            }
        }
        return options;
    }
}
