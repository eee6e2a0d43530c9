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
        Optional.ofNullable(System.getProperty(TRUST_STORE)).map(Path::of).ifPresent(files::add);
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
                    manifest.map(m -> m.getMainAttributes().getValue(Attributes.Name.CLASS_PATH))
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
