package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM of its own that does one thing with a store; see [StoreMain].
public final class StoreProcess {
    private StoreProcess() {}

    /// Starts one.
    ///
    /// @param before the beginning of the command, up to `java`
    /// @param options for that JVM
    public static Process start(
            List<String> before, List<String> options, String what, Path root, String name)
            throws IOException {
        var command = new ArrayList<String>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        StoreMain.class.getName(),
                        what,
                        root.toString(),
                        name));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /// Runs one to its end; its output.
    static String run(List<String> before, String what, Path root) throws Exception {
        var process = start(before, List.of(), what, root, "mine-1");
        String said = process.inputReader().readAllAsString();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
