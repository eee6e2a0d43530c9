package airlock.cli;

import airlock.text.SafeText;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `airlock image show`.
@Command(
        name = "show",
        description = "Shows all that is known of an image: hashes, how it was made, its packages.")
final class ImageShowCommand extends ImageCommand.OnStore {
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
