package airlock.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What a script of an action did on the machine that runs the test, with the environment that it
/// has in a VM.
record ScriptRun(int code, String output) {
    /// @param more beside that environment
    static ScriptRun of(String name, List<String> arguments, String stdin, Map<String, String> more)
            throws IOException, InterruptedException {
        return of(Script.of("test", name, arguments, stdin), more);
    }

    /// @param more beside the environment that it has in a VM
    static ScriptRun of(Script script, Map<String, String> more)
            throws IOException, InterruptedException {
        var execute = (airlock.vm.GuestStep.Execute) script.lower(Script.ENVIRONMENT).what();
        Path input = Files.createTempFile("airlock", ".stdin");
        Files.writeString(input, script.stdin());
        var builder =
                new ProcessBuilder(execute.argv())
                        .directory(Path.of(execute.directory()).toFile())
                        .redirectErrorStream(true)
                        .redirectInput(input.toFile());
        builder.environment().clear();
        builder.environment().putAll(execute.environment());
        builder.environment().putAll(more);
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        Files.delete(input);
        return new ScriptRun(code, output);
    }

    /// A script of an action that runs where the commit's files are.
    static ScriptRun in(
            Path directory, String name, List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", "-c", Script.file(name + ".sh"), name));
        command.addAll(arguments);
        return program(directory, command, environment);
    }

    /// Any program, with nothing on its stdin.
    static ScriptRun program(Path directory, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        var builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().clear();
        builder.environment().putAll(Script.ENVIRONMENT);
        builder.environment().putAll(environment);
        var process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ScriptRun(process.waitFor(), output);
    }

    static ScriptRun of(String name, List<String> arguments)
            throws IOException, InterruptedException {
        return of(name, arguments, "", Map.of());
    }
}
