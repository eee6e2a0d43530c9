package airlock.house;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The loopback forge as a program, for deploy/demo.sh: hosts one repository until it is ended
/// and prints a line for each webhook that it sends and each status that it gets.
///
/// `hook EVENT REF CODE` and `status COMMIT CONTEXT STATE DESCRIPTION`, apart by tabs.
public final class LoopbackForgeMain {
    private LoopbackForgeMain() {}

    /// Takes the port, the repository's id and name, its bare directory, the hook's URL and the
    /// file with the hook's secret.
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 6) {
            throw new IllegalArgumentException(
                    "PORT ID OWNER/NAME BARE_DIRECTORY HOOK_URL SECRET_FILE");
        }
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var forge = LoopbackForge.start(Integer.parseInt(arguments[0]));
        long id = Long.parseLong(arguments[1]);
        forge.onHook(
                sent -> out.printf("hook\t%s\t%s\t%d%n", sent.event(), sent.ref(), sent.status()));
        forge.onStatus(
                status ->
                        out.printf(
                                "status\t%s\t%s\t%s\t%s%n",
                                status.commit(),
                                status.context(),
                                status.state(),
                                status.description()));
        forge.host(id, arguments[2], Path.of(arguments[3]), false);
        String secret = Files.readString(Path.of(arguments[5])).strip();
        forge.hook(id, URI.create(arguments[4]), secret, false);
        out.println("ready\t" + forge.url());
        Thread.currentThread().join();
    }
}
