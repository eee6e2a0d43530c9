package airlock.cli;

import airlock.machine.Images;
import airlock.machine.StoredImages;
import java.time.Duration;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock image`.
@Command(
        name = "image",
        description = "Makes, shows and removes the images that virtual machines start from.",
        subcommands = {
            ImageCommand.Build.class,
            ImageImportCommand.class,
            ImagePullCommand.class,
            ImageShellCommand.class,
            ImageListCommand.class,
            ImageShowCommand.class,
            ImageCommand.Verify.class,
            ImageCommand.Remove.class,
            ImageCommand.Prune.class
        })
final class ImageCommand extends Group { // / A command on the images of the state directory.
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
            exitCodeList = {"0:it is as it was made", "1:it is not", "4:there is none"})
    static final class Verify extends OnStore {
        @Parameters(paramLabel = "NAME", description = "as `airlock image list` shows it")
        private String name = "";

        @Override
        public Integer call() {
            var wrong = images().verify(name, this::progress);
            wrong.forEach(line -> out().println(line));
            if (wrong.isEmpty()) {
                out().println("it is as it was made");
            }
            return wrong.isEmpty() ? ExitCode.OK : ExitCode.NO;
        }
    }

    @Command(name = "remove", description = "Removes an image, unless somebody uses it.")
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
}
