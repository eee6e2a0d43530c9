package airlock.image;

import airlock.image.OciReader.OciImage;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The environment of programs in a container image (OCI image-spec, config.md).
///
/// @param environment its `ENV`, values by name
/// @param directory its `WORKDIR`, empty for none
public record Container(SortedMap<String, String> environment, String directory) {
    /// For images that were not container images.
    public static final Container NONE = new Container(Collections.emptySortedMap(), "");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final int MOST = 200;
    private static final int MOST_BYTES = 64 << 10;

    public Container {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /// @param progress gets a line if variables are left out
    static Container of(OciImage image, Consumer<String> progress) {
        var environment = new TreeMap<String, String>();
        int left = 0;
        int bytes = 0;
        for (String line : image.environment()) {
            String name = line.substring(0, Math.max(0, line.indexOf('=')));
            String value = line.substring(Math.min(line.length(), name.length() + 1));
            int more = line.getBytes(StandardCharsets.UTF_8).length;
            if (NAME.matcher(name).matches()
                    && value.indexOf('\0') < 0
                    && environment.size() < MOST
                    && bytes + more <= MOST_BYTES) {
                environment.put(name, value);
                bytes += more;
            } else {
                left++;
            }
        }
        if (left > 0) {
            progress.accept(left + " lines of the image's ENV can't be variables here: left out");
        }
        String directory = image.directory();
        boolean isPath = directory.startsWith("/") && directory.length() <= 4000;
        return new Container(environment, isPath ? directory : "");
    }
}
