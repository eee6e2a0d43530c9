package airlock.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a script of an action did on the machine that runs the test, with the environment that it
/// has in a VM.
record ScriptRun(int code, String output) {
    /// @param more beside that environment
    static ScriptRun of(String name, List<String> arguments, String stdin, Map<String, String> more)
            throws IOException, InterruptedException {
        var step = Script.of("test", name, arguments, stdin).lower(Script.ENVIRONMENT);
        var execute = (airlock.vm.GuestStep.Execute) step.what();
        Path input = Files.createTempFile("airlock", ".stdin");
        Files.writeString(input, stdin);
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

    static ScriptRun of(String name, List<String> arguments)
            throws IOException, InterruptedException {
        return of(name, arguments, "", Map.of());
    }
}
