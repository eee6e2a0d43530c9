package airlock.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs a Python program on many files in one process. For each file it must either succeed
/// silently, or exit with 1 and print a one-line reason.
final class ManyFiles {
    private static final String DRIVER =
            """
            import contextlib, io, os, sys
            code, folder, words = compile(sys.argv[1], "program", "exec"), sys.argv[2], sys.argv[3:]
            for name in sorted(os.listdir(folder)):
                out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
                sys.argv = ["program"] + [word.replace("{}", name) for word in words]
                status = 0
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                    try:
                        exec(code, {"__name__": "program"})
                    except SystemExit as e:
                        status = e.code
                out.seek(0), err.seek(0)
                said = err.read()
                if (status, said.count("\\n")) not in [(0, 0), (1, 1)]:
                    raise Exception("%s: %r %r" % (name, status, said))
                sys.stdout.write("".join(out.readlines()) if status == 0 else "refused\\n")
            """;

    private ManyFiles() {}

    /// Returns the output for all files, in order; `refused` for an exit with 1.
    ///
    /// @param program a file in the package of [Script]
    /// @param words its arguments, with `{}` for the name of a file in `folder`
    static ScriptRun read(Path folder, String program, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("python3", "-I", "-c", DRIVER));
        command.addAll(List.of(Script.file(program), folder.toString()));
        command.addAll(List.of(words));
        return ScriptRun.program(folder, command, Map.of());
    }
}
