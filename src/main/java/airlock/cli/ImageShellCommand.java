package airlock.cli;

import airlock.shell.ImageShell;
import airlock.shell.RawTerminal;
import airlock.text.SafeText;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "shell",
        description = {
            "Lets you into a machine on an image, as root, without a network and "
                    + "without a server.",
            "With --keep what you made of its system disk becomes another image."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0 to 255:the shell's own",
            "4:there was no shell, no end of it, or nothing could be kept"
        })
final class ImageShellCommand extends Output {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "NAME", description = "as `airlock image list` shows it")
    private String name = "";

    @Option(
            names = "--keep",
            paramLabel = "NEW",
            description = "the name of the new image; it records what you type, passwords too")
    private String keep = "";

    @Override
    public Integer call() throws InterruptedException {
        var read = config.read();
        try (var _ = new TidyEnd(Thread.currentThread());
                var shell = new ImageShell(read, InstantSource.system(), this::progress)) {
            if (!keep.isEmpty()) {
                shell.checkKeep(name, keep);
            }
            var left = stay(shell);
            if (!left.why().isEmpty()) {
                err().println(left.why());
            } else if (!keep.isEmpty()) {
                progress("kept as " + shell.keep(keep));
            }
            return left.code();
        }
    }

    private Visitor.Left stay(ImageShell shell) throws InterruptedException {
        boolean terminal = RawTerminal.isThere();
        var size = RawTerminal.size();
        progress("starting a machine on " + SafeText.line(name));
        try (var console = shell.enter(name, size.columns(), size.rows())) {
            if (terminal) {
                progress("you are in it now; `exit` leaves and ends it");
            }
            return new Visitor(System.in, System.out, RawTerminal.shows(), () -> {})
                    .stay(console, terminal);
        }
    }
}
