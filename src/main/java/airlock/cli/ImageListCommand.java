package airlock.cli;

import airlock.machine.StoredImages;
import airlock.text.SafeText;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `airlock image list`.
@Command(
        name = "list",
        description = "Shows the images that are there: size, last use, name, who uses it.")
final class ImageListCommand extends ImageCommand.OnStore {
    @Option(names = "--json", description = "one JSON array, sizes in bytes")
    private boolean json;

    @Override
    public Integer call() {
        var rows = images().list();
        if (json) {
            out().println(JsonOption.text(rows.stream().map(ImageListCommand::members).toList()));
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
