package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `airlock` as a process of its own, with a pipe for stdin or in a pseudo-terminal that script(1)
/// makes.
public final class ShellProcess implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(3);

    private final Process process;
    private final OutputStream keys;
    private final Path directory;

    private ShellProcess(Process process, Path directory) {
        this.process = process;
        this.keys = process.getOutputStream();
        this.directory = directory;
    }

    /// How it ended.
    public record Ended(int code, String out, String err) {}

    private static List<String> line(List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("--enable-native-access=ALL-UNNAMED");
        // it starts sooner, and lives for seconds
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of("-cp", classPath(), "airlock.Main"));
        line.addAll(arguments);
        return line;
    }

    /// The class path of the tests, without the tests and their log settings.
    private static String classPath() {
        String all =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(":"))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(":"));
    }

    /// Starts it with a pipe.
    ///
    /// @param directory an empty one for what it says
    public static ShellProcess piped(Path directory, String... arguments) throws IOException {
        return start(directory, line(List.of(arguments)));
    }

    /// Starts it in a terminal of 120 columns and 40 rows. The files `before` and `after` get the
    /// terminal's settings, `tty` its name, `pid` the process and `code` its exit code.
    static ShellProcess inTerminal(Path directory, String... arguments) throws IOException {
        Path script = directory.resolve("inside.sh");
        var words = new StringBuilder();
        for (String word : line(List.of(arguments))) {
            words.append(" '").append(word).append('\'');
        }
        Files.writeString(
                script,
                """
                here='%s'
                stty cols 120 rows 40
                stty -a > "$here/before"
                tty > "$here/tty"
                sh -c 'echo $$ > "$0/pid"; exec "$@"' "$here" %s
                echo $? > "$here/code"
                stty -a > "$here/after"
                """
                        .formatted(directory, words));
        return start(directory, List.of("script", "-qec", "sh " + script, "/dev/null"));
    }

    private static ShellProcess start(Path directory, List<String> line) throws IOException {
        Files.createDirectories(directory);
        return new ShellProcess(
                new ProcessBuilder(line)
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start(),
                directory);
    }

    /// Types.
    public ShellProcess type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
        return this;
    }

    /// Types no more.
    public ShellProcess end() throws IOException {
        keys.close();
        return this;
    }

    /// Its output so far.
    public String out() throws IOException {
        return read("out");
    }

    /// The same as lines, without what bash says to its terminal about pasting.
    public static String plain(String out) {
        return out.replaceAll("\033\\[\\?2004[hl]\r?", "").replace("\r\n", "\n");
    }

    /// Its error output so far.
    public String err() throws IOException {
        return read("err");
    }

    String read(String file) throws IOException {
        Path path = directory.resolve(file);
        return Files.exists(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
    }

    /// Its process, whatever stands around it.
    ProcessHandle airlock() throws IOException {
        return ProcessHandle.of(Long.parseLong(read("pid").strip())).orElseThrow();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /// Waits for its end.
    public Ended ended() throws IOException, InterruptedException {
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS))
                .as("%s%n%s", out(), read("err"))
                .isTrue();
        return new Ended(process.exitValue(), out(), read("err"));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
