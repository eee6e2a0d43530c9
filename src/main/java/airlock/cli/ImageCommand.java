package airlock.cli;

import airlock.app.Images;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `airlock image build`.
@Command(
        name = "image",
        description = "Makes the images that virtual machines start from.",
        mixinStandardHelpOptions = true,
        subcommands = ImageCommand.Build.class)
final class ImageCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(
                ExitCode.USAGE, "airlock image: which command? `airlock image build`");
    }

    @Command(
            name = "build",
            description = "Builds the configured images that are missing; a few minutes.",
            mixinStandardHelpOptions = true)
    static final class Build extends Output {
        @Mixin private ConfigOption config;

        @Override
        public Integer call() throws InterruptedException {
            Images.ready(config.read(err()), this::progress);
            out().println("all images are there");
            return ExitCode.OK;
        }
    }
}
