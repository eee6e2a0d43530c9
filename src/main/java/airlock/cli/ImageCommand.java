package airlock.cli;

import airlock.machine.Images;
import airlock.machine.StoredImages;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "image",
        description = "Makes, shows and removes the images that virtual machines start from.",
        subcommands = {
            ImageCommand.Build.class,
            ImageCommand.ImageImportCommand.class,
            ImageCommand.ImagePullCommand.class,
            ImageShellCommand.class,
            ImageCommand.ImageListCommand.class,
            ImageCommand.ImageShowCommand.class,
            ImageCommand.Verify.class,
            ImageCommand.Remove.class,
            ImageCommand.Prune.class
        })
final class ImageCommand extends Group {
    /// A command on the images of the state directory.
    abstract static class OnStore extends Output {
        @Mixin private ConfigOption config;

        StoredImages images() {
            return new StoredImages(config.read(), InstantSource.system());
        }
    }

    /// A command that adds an image of another system.
    abstract static class Adding extends OnStore {
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

        String name() {
            return name;
        }

        String kernel() {
            return kernel;
        }
    }

    @Command(
            name = "build",
            description = {
                "Builds an image from a recipe, or the configured images that are " + "missing.",
                "A few minutes each; Debian's packages have to be reachable."
            })
    static final class Build extends Output {
        @Mixin private ConfigOption config;

        @Parameters(
                arity = "0..1",
                paramLabel = "RECIPE",
                description =
                        "the name of one of Airlock's recipes, or a file with a recipe (with a /);"
                                + " if left out, all that the configuration names")
        private String recipe = "";

        @Override
        public Integer call() throws InterruptedException {
            var read = config.read();
            try (var _ = new TidyEnd(Thread.currentThread())) {
                if (!recipe.isEmpty()) {
                    var images = new StoredImages(read, InstantSource.system());
                    out().println(images.build(recipe, this::progress));
                    return ExitCode.OK;
                }
                Images.ready(read, "airlock image build", InstantSource.system(), this::progress)
                        .close();
                out().println("all images are there");
                return ExitCode.OK;
            }
        }
    }

    @Command(
            name = "verify",
            description = "Reads an image and compares it with what was recorded when it was made.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:unchanged", "1:changed", "4:no such image"})
    static final class Verify extends OnStore {
        @Parameters(paramLabel = "NAME", description = "as `airlock image list` shows it")
        private String name = "";

        @Override
        public Integer call() {
            var wrong = images().verify(name, this::progress);
            wrong.forEach(line -> out().println(line));
            if (wrong.isEmpty()) {
                out().println("unchanged since it was made");
            }
            return wrong.isEmpty() ? ExitCode.OK : ExitCode.NO;
        }
    }

    @Command(name = "remove", description = "Removes an image, unless it is in use.")
    static final class Remove extends OnStore {
        @Parameters(paramLabel = "NAME", description = "as `airlock image list` shows it")
        private String name = "";

        @Override
        public Integer call() {
            out().println("removed, " + DuCommand.size(images().remove(name)));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "prune",
            description = {
                "Removes images that the configuration does not name and nobody uses, "
                        + "and what was left of builds that did not end."
            })
    static final class Prune extends OnStore {
        @Option(
                names = "--unused-days",
                paramLabel = "DAYS",
                defaultValue = "0",
                description = "only those that were of no use for so many days")
        private int days;

        @Override
        public Integer call() throws InterruptedException {
            if (days < 0) {
                throw new CliException(ExitCode.USAGE, "--unused-days " + days + ": 0 or more");
            }
            var gone = images().prune(Duration.ofDays(days), this::progress);
            gone.forEach(name -> out().println("removed " + name));
            if (gone.isEmpty()) {
                out().println("nothing to remove");
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "list",
            description = "Shows the images that are there: size, last use, name, who uses it.")
    static final class ImageListCommand extends ImageCommand.OnStore {
        @Option(names = "--json", description = "one JSON array, sizes in bytes")
        private boolean json;

        @Override
        public Integer call() {
            var rows = images().list();
            if (json) {
                out().println(
                                JsonOption.text(
                                        rows.stream().map(ImageListCommand::members).toList()));
                return ExitCode.OK;
            }
            if (rows.isEmpty()) {
                out().println("no images; `airlock image build` makes those of the configuration");
            }
            rows.forEach(this::print);
            return ExitCode.OK;
        }

        private void print(StoredImages.Row row) {
            var used = row.used().atZone(ZoneId.systemDefault()).toLocalDateTime();
            out().printf(
                            "%11s  %s  %s%s%s%s%n",
                            DuCommand.size(row.bytes()),
                            used.truncatedTo(ChronoUnit.MINUTES),
                            SafeText.line(row.name()),
                            part("configured as ", row.names()),
                            part("used by ", row.users()),
                            row.problem().isEmpty()
                                    ? ""
                                    : "  damaged: " + SafeText.line(row.problem()));
        }

        private static String part(String before, List<String> texts) {
            return texts.isEmpty() ? "" : "  " + before + SafeText.line(String.join(", ", texts));
        }

        private static Map<String, @Nullable Object> members(StoredImages.Row row) {
            return JsonOption.members(
                    "name", row.name(),
                    "bytes", row.bytes(),
                    "used", row.used(),
                    "configured", row.names(),
                    "users", row.users(),
                    "problem", row.problem());
        }
    }

    @Command(
            name = "show",
            description =
                    "Shows all that is known of an image: hashes, how it was made, its packages.")
    static final class ImageShowCommand extends ImageCommand.OnStore {
        @Parameters(paramLabel = "NAME", description = "as `airlock image list` shows it")
        private String name = "";

        @Mixin private JsonOption json;

        @Override
        public Integer call() {
            var all = images().show(name);
            if (json.isWanted()) {
                out().println(JsonOption.text(all));
                return ExitCode.OK;
            }
            all.forEach(this::print);
            return ExitCode.OK;
        }

        private void print(String key, Object value) {
            switch (value) {
                case List<?> list -> many(key, list.stream().map(String::valueOf).toList());
                case Map<?, ?> map ->
                        many(
                                key,
                                map.entrySet().stream()
                                        .map(entry -> entry.getKey() + " " + entry.getValue())
                                        .toList());
                default -> {
                    if (!value.toString().isEmpty()) {
                        out().printf("%-9s %s%n", key, SafeText.line(value.toString()));
                    }
                }
            }
        }

        private void many(String key, List<String> lines) {
            if (lines.size() == 1) {
                out().printf("%-9s %s%n", key, SafeText.line(lines.getFirst()));
            } else if (!lines.isEmpty()) {
                out().println(key);
                lines.forEach(line -> out().println("  " + SafeText.line(line)));
            }
        }
    }

    @Command(
            name = "pull",
            description = {
                "Pulls a container image from a registry with skopeo, after resolving its name to "
                        + "a digest, which is recorded. It boots with the kernel of an image that "
                        + "is there."
            })
    static final class ImagePullCommand extends ImageCommand.Adding {
        @Parameters(
                paramLabel = "REFERENCE",
                description = "HOST[:PORT]/PATH[:TAG], or with @sha256:DIGEST in the tag's place")
        private String reference = "";

        @Option(
                names = "--credentials",
                paramLabel = "FILE",
                description = "a file that `skopeo login --authfile FILE HOST` wrote")
        private @Nullable Path credentials;

        @Option(
                names = "--insecure",
                description = "without TLS or its checks; only from a registry of this machine")
        private boolean insecure;

        @Override
        public Integer call() throws InterruptedException {
            try (var _ = new TidyEnd(Thread.currentThread())) {
                out().println(
                                images().pull(
                                                reference,
                                                name(),
                                                kernel(),
                                                Optional.ofNullable(credentials),
                                                insecure,
                                                this::progress));
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "import",
            description = {
                "Takes a cloud image: a disk, raw or qcow2, with partitions, boot loader "
                        + "and cloud-init, which starts by itself. Or a disk that holds a root "
                        + "file system (ext4) and no partitions, or a container image: OCI layout, "
                        + "OCI archive, or what `docker save` wrote; these start with the kernel "
                        + "of an image that is there."
            })
    static final class ImageImportCommand extends ImageCommand.Adding {
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
}
