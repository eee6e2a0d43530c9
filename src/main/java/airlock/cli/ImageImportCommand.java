package airlock.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock image import`.
@Command(
        name = "import",
        description = {
            "Takes a disk, raw or qcow2, that holds a root file system (ext4) and no partitions,",
            "or a container image: OCI layout, OCI archive, or what `docker save` wrote.",
            "It starts with the kernel of an image that is there."
        },
        mixinStandardHelpOptions = true)
final class ImageImportCommand extends ImageCommand.OnStore {
    @Parameters(paramLabel = "FILE", description = "the disk, archive or directory")
    private @Nullable Path file;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "what it is called here; the configuration says `kept: NAME`")
    private String name = "";

    @Option(
            names = "--kernel",
            paramLabel = "IMAGE",
            defaultValue = "debian-13",
            description = "the image whose kernel it starts with; ${DEFAULT-VALUE}")
    private String kernel = "";

    @Option(
            names = "--sums",
            paramLabel = "SUMS",
            description = "a file of sha256sum or sha512sum in which the disk's name stands")
    private @Nullable Path sums;

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            throw new CliException(ExitCode.USAGE, "which file?");
        }
        try (var _ = new TidyEnd(Thread.currentThread())) {
            out().println(
                            images().importFile(
                                            file,
                                            name,
                                            kernel,
                                            Optional.ofNullable(sums),
                                            this::progress));
        }
        return ExitCode.OK;
    }
}
