package airlock.house;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The loopback forge as a program, for deploy/demo.sh: hosts repositories until it is ended and
/// prints a line for each webhook that it sends and each status that it gets.
///
/// `hook EVENT REF CODE` and `status COMMIT CONTEXT STATE DESCRIPTION`, apart by tabs.
public final class LoopbackForgeMain {
    /// How many arguments say what a repository is.
    private static final int EACH = 5;

    private LoopbackForgeMain() {}

    /// Takes the port, and of each repository its id and name, its bare directory, the hook's URL
    /// and the file with the hook's secret.
    public static void main(String[] arguments) throws Exception {
        if (arguments.length <= EACH || arguments.length % EACH != 1) {
            throw new IllegalArgumentException(
                    "PORT (ID OWNER/NAME BARE_DIRECTORY HOOK_URL SECRET_FILE)…");
        }
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var forge = LoopbackForge.start(Integer.parseInt(arguments[0]));
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
        for (int at = 1; at < arguments.length; at += EACH) {
            long id = Long.parseLong(arguments[at]);
            forge.host(id, arguments[at + 1], Path.of(arguments[at + 2]), false);
            String secret = Files.readString(Path.of(arguments[at + 4])).strip();
            forge.hook(id, URI.create(arguments[at + 3]), secret, false);
        }
        out.println("ready\t" + forge.url());
        Thread.currentThread().join();
    }
}
