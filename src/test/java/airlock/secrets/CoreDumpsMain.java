package airlock.secrets;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Forbids core dumps and prints the result, also for a process that it starts.
final class CoreDumpsMain {
    private CoreDumpsMain() {}

    public static void main(String[] arguments) throws Exception {
        CoreDumps.forbid();
        var files = new CoreDumps(Path.of("/proc/self/limits"), Path.of("/dev/null"));
        System.out.println("possible: " + files.possible());
        var child = new ProcessBuilder("/bin/sh", "-c", "ulimit -c").start();
        // dash counts in blocks of 512 bytes
        String said =
                new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        System.out.println("child: " + said);
    }
}
