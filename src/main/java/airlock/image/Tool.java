package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A program of Debian's that image making calls, with a clean environment.
final class Tool {
    private static final int SHOWN = 2000;
    private static final Duration TIDY = Duration.ofSeconds(10);

    private final String name;
    private final String debianPackage;
    private final String advice;

    Tool(String name, String debianPackage) {
        this(name, debianPackage, "");
    }

    /// @param advice what may help when it fails, empty for nothing
    Tool(String name, String debianPackage, String advice) {
        this.name = name;
        this.debianPackage = debianPackage;
        this.advice = advice;
    }

    /// Runs it and fails with the end of what it printed if it does.
    ///
    /// @param output where its stdout goes
    void run(Path output, String... arguments) throws InterruptedException {
        var command = new ArrayList<String>();
        command.add(name);
        command.addAll(List.of(arguments));
        Path errors = output.resolveSibling(output.getFileName() + ".stderr");
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        try {
            var process = builder.start();
            try {
                int code = process.waitFor();
                if (code != 0) {
                    throw new ImageException(
                            name
                                    + " failed with code "
                                    + code
                                    + ": "
                                    + String.join(" ", command)
                                    + "\n"
                                    + tail(errors)
                                    + (advice.isEmpty() ? "" : "\n" + advice));
                }
            } finally {
                end(process);
            }
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new ImageException(
                    name + " could not be run; install it: apt-get install " + debianPackage, e);
        }
    }

    /// Ends it if it still runs, and with it what it started; mmdebstrap tidies up when asked.
    private static void end(Process process) {
        var all = Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        process.destroy();
        process.onExit().completeOnTimeout(process, TIDY.toMillis(), TimeUnit.MILLISECONDS).join();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    private static String tail(Path errors) throws IOException {
        String text = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
        return text.substring(Math.max(0, text.length() - SHOWN)).strip();
    }
}
