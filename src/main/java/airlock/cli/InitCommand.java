package airlock.cli;

import airlock.config.ConfigTemplate;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `airlock init`.
@Command(
        name = "init",
        description = "Writes a commented configuration to start from.",
        mixinStandardHelpOptions = true)
final class InitCommand extends Output {
    @Parameters(
            paramLabel = "FILE",
            defaultValue = "airlock.yaml",
            description = "${DEFAULT-VALUE} if left out")
    private Path file;

    @Override
    public Integer call() throws IOException {
        try {
            Files.writeString(file, ConfigTemplate.text(), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new CliException(ExitCode.BROKE, file + " is there already; name another file");
        }
        out().println("wrote " + file + "; fill it in, then: airlock check --config " + file);
        return ExitCode.OK;
    }
}
