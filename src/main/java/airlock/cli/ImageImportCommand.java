package airlock.cli;

import airlock.machine.StoredImages;
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
            "Takes a cloud image: a disk, raw or qcow2, with partitions, boot loader "
                    + "and cloud-init, which starts by itself. Or a disk that holds a root "
                    + "file system (ext4) and no partitions, or a container image: OCI layout, "
                    + "OCI archive, or what `docker save` wrote; these start with the kernel "
                    + "of an image that is there."
        })
final class ImageImportCommand extends ImageCommand.Adding {
    @Parameters(paramLabel = "FILE", description = "the disk, archive or directory")
    private @Nullable Path file;

    @Option(
            names = "--sums",
            paramLabel = "SUMS",
            description = "a file of sha256sum or sha512sum in which the disk's name stands")
    private @Nullable Path sums;

    @Option(
            names = "--signature",
            paramLabel = "FILE",
            description =
                    "an OpenPGP signature of the sums; without it, they are signed within"
                            + " themselves")
    private @Nullable Path signature;

    @Option(
            names = "--keyring",
            paramLabel = "FILE",
            description = "the keys that may have signed the sums, as gpg --export writes them")
    private @Nullable Path keyring;

    @Option(
            names = "--firmware",
            paramLabel = "uefi|bios",
            description =
                    "what starts a cloud image; without it, uefi where it has an EFI partition")
    private @Nullable Firmware firmware;

    private enum Firmware {
        UEFI,
        BIOS
    }

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            throw new CliException(ExitCode.USAGE, "which file?");
        }
        if (signature != null && keyring == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "whose signature? --keyring names the keys that may have made it");
        }
        try (var _ = new TidyEnd(Thread.currentThread())) {
            out().println(images().importFile(wanted(file), this::progress));
        }
        return ExitCode.OK;
    }

    private StoredImages.Wanted wanted(Path source) {
        return new StoredImages.Wanted(
                source,
                name(),
                kernel(),
                Optional.ofNullable(firmware).map(Firmware::name),
                Optional.ofNullable(sums),
                Optional.ofNullable(signature),
                Optional.ofNullable(keyring));
    }
}
