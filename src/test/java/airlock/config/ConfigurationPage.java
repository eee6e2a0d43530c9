package airlock.config;

import airlock.yaml.Key;
import airlock.yaml.Key.Presence;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.util.Locale;
import java.util.stream.Collectors;

/// Writes docs/configuration.md from the keys that the reader reads with.
public final class ConfigurationPage {
    private static final String HEAD =
            """
            # Configuration

            <!-- Written from the code: `mvn test -Dtest=ConfigurationPageTest -Dgolden=update`. -->

            Airlock reads one YAML file. `airlock init` writes one to start from (the text is at the
            end of this page), `airlock check` reads it and tells all that is wrong with it: file,
            line, column, key, what is expected, and the nearest known key.

            - **YAML**: version 1.2, UTF-8, one document. A key that is unknown or there twice is an
              error. `yes`, `no`, `on` and `off` are texts; only `true` and `false` are flags.
            - **Secrets** never stand in the file. They are `{file: PATH}` or `{env: NAME}`. A secret
              file may be readable by its owner and its group, by nobody else (`chmod 600 PATH`);
              one line break at its end does not count.
            - **Paths** are absolute, or start from the directory of the configuration file.
            - **Sizes**: `512 MiB`, `1 GiB` (1024s), `10 MB`, `1 GB` (thousands), or plain bytes.
            - **Durations**: `30s`, `10m`, `2h`, `1d`.
            - **Patterns** for refs: `*` stands for any characters without `/`, `**` for any
              characters, `?` for one that is not `/`. A pattern that does not begin with `refs/` is
              meant for branches, so tags are listed only where they are written out, as in
              `refs/tags/v*`. The whole name has to fit.

            The server reads the file when it starts. Changes take effect with the next start.
            """;
    private static final String TAIL =
            """

            ## The file to start from

            ```yaml
            """;

    private ConfigurationPage() {}

    /// The page's text.
    public static String text() {
        var page = new StringBuilder(HEAD);
        append(page, ConfigTypes.whole(Surroundings.NOTHING, RepositoryConfig.Common.STANDARD));
        return page.append(TAIL).append(ConfigTemplate.text()).append("```\n").toString();
    }

    private static void append(StringBuilder page, Section<?> section) {
        page.append("\n## ")
                .append(heading(section))
                .append("\n\n")
                .append(section.about())
                .append("\n\n| key | value | without it | meaning |\n| --- | --- | --- | --- |\n");
        for (Key<?> key : section.keys()) {
            page.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(key.name(), value(key), without(key), key.meaning()));
        }
        section.keys().forEach(key -> key.type().sections().forEach(s -> append(page, s)));
    }

    private static String heading(Section<?> section) {
        return section.title().contains(" ") ? section.title() : "`" + section.title() + "`";
    }

    private static String value(Key<?> key) {
        Type<?> type = key.type();
        String what =
                type.sections().isEmpty()
                        ? type.expected().replace("|", "\\|").replace("*", "\\*")
                        : type.sections().stream()
                                .map(s -> "see [%s](#%s)".formatted(heading(s), anchor(s)))
                                .collect(Collectors.joining(", "));
        return key.example().isEmpty() ? what : what + "; e.g. `" + key.example() + "`";
    }

    private static String without(Key<?> key) {
        return switch (key.presence()) {
            case Presence.Required<?> _ -> "an error";
            case Presence.Free<?> free -> free.without();
            case Presence.Default<?> fallback -> fallback.without();
        };
    }

    /// As GitHub and Forgejo make anchors of headings.
    private static String anchor(Section<?> section) {
        return section.title()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9 _-]", "")
                .replace(' ', '-');
    }
}
