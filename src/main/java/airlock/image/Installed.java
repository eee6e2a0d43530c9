package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads the installed packages from dpkg's status file (dpkg(1), deb822(5)).
final class Installed {
    private static final long LONGEST = 64L << 20;
    private static final Pattern FIELD = Pattern.compile("(?md)^(Package|Version|Status):(.*)$");

    private Installed() {}

    /// Versions by package.
    ///
    /// @param status `/var/lib/dpkg/status` of the image
    static SortedMap<String, String> read(Path status) throws IOException {
        if (Files.size(status) > LONGEST) {
            throw new ImageException("dpkg's status file is longer than " + LONGEST + " bytes");
        }
        var packages = new TreeMap<String, String>();
        // only descriptions have bytes beyond ASCII
        String text = Files.readString(status, StandardCharsets.ISO_8859_1);
        for (String stanza : text.split("\n[ \t]*\n", -1)) {
            var fields =
                    FIELD.matcher(stanza)
                            .results()
                            .collect(
                                    Collectors.toMap(
                                            field -> field.group(1),
                                            Installed::value,
                                            (_, last) -> last));
            String name = fields.getOrDefault("Package", "");
            String version = fields.getOrDefault("Version", "");
            if (fields.getOrDefault("Status", "").equals("install ok installed")
                    && !name.isEmpty()
                    && !version.isEmpty()) {
                packages.put(name, version);
            }
        }
        return packages;
    }

    private static String value(MatchResult field) {
        return field.group(2).strip();
    }
}
