package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The outcome of an action's script on the test machine, with the environment that it has in a VM.
record ScriptRun(int code, String output) {
    /// Returns the output of a script that must have succeeded.
    String passed() {
        assertThat(code).as(output).isZero();
        return output;
    }

    /// Returns the output of a script that must have failed.
    String failed() {
        assertThat(code).as(output).isEqualTo(1);
        return output;
    }

    /// @param more variables in addition
    static ScriptRun of(String name, List<String> arguments, String stdin, Map<String, String> more)
            throws IOException, InterruptedException {
        return of(Script.of("test", name, arguments, stdin), more);
    }

    /// @param more variables in addition
    static ScriptRun of(Script script, Map<String, String> more)
            throws IOException, InterruptedException {
        var execute = (GuestStep.Execute) script.lower(Script.ENVIRONMENT).what();
        Path input = Files.createTempFile("airlock", ".stdin");
        Files.writeString(input, script.stdin());
        var run = run(Path.of(execute.directory()), execute.argv(), more, input);
        Files.delete(input);
        return run;
    }

    /// Runs an action's script in the directory of the commit's files.
    static ScriptRun in(
            Path directory, String name, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", "-c", Script.file(name + ".sh"), name));
        command.addAll(arguments);
        return program(directory, command, environment);
    }

    /// Runs any program with empty stdin.
    static ScriptRun program(Path directory, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(directory, command, environment, Path.of("/dev/null"));
    }

    private static ScriptRun run(
            Path directory, List<String> command, Map<String, String> more, Path stdin)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(stdin.toFile());
        builder.environment().clear();
        builder.environment().putAll(Script.ENVIRONMENT);
        builder.environment().putAll(more);
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ScriptRun(process.waitFor(), output);
    }

    /// The files below `folder`, by their sorted paths.
    static List<String> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    static ScriptRun of(String name, List<String> arguments)
            throws IOException, InterruptedException {
        return of(name, arguments, "", Map.of());
    }
}
