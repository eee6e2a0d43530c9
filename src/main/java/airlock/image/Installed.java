package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads which packages are installed from dpkg's status file (dpkg(1), deb822(5)): stanzas of
/// fields, of which a line that begins with a space goes on.
final class Installed {
    private static final long LONGEST = 64L << 20;
    private static final String DONE = "install ok installed";

    private final SortedMap<String, String> packages = new TreeMap<>();
    private String name = "";
    private String version = "";
    private boolean done;

    private Installed() {}

    /// Versions by package.
    ///
    /// @param status `/var/lib/dpkg/status` of the image
    static SortedMap<String, String> read(Path status) throws IOException {
        if (Files.size(status) > LONGEST) {
            throw new ImageException("dpkg's status file is longer than " + LONGEST + " bytes");
        }
        var reading = new Installed();
        // other bytes than ASCII stand in descriptions only
        try (var lines = Files.lines(status, StandardCharsets.ISO_8859_1)) {
            lines.forEachOrdered(reading::line);
        }
        reading.end();
        return reading.packages;
    }

    private void line(String line) {
        if (line.isBlank()) {
            end();
            return;
        }
        int colon = line.indexOf(':');
        if (line.startsWith(" ") || line.startsWith("\t") || colon < 0) {
            return;
        }
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon)) {
            case "Package" -> name = value;
            case "Version" -> version = value;
            case "Status" -> done = value.equals(DONE);
            default -> {}
        }
    }

    private void end() {
        if (done && !name.isEmpty() && !version.isEmpty()) {
            packages.put(name, version);
        }
        name = "";
        version = "";
        done = false;
    }
}
