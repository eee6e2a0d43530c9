package airlock.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;

/// What an image says of the environment of its programs (`ENV` of a container image): it counts
/// where neither Airlock nor the plan says anything.
final class ImageVariables {
    private static final String PATH = "PATH";

    private ImageVariables() {}

    /// Airlock's own environment over that of an image. The image's directories of PATH come after
    /// Airlock's first one, where actions install programs, and before its other ones.
    static Map<String, String> under(Map<String, String> own, Map<String, String> image) {
        var all = new LinkedHashMap<>(image);
        // what a proxy does here is the guest program's to say
        all.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        all.putAll(own);
        if (own.containsKey(PATH) && image.containsKey(PATH)) {
            all.put(PATH, path(own.getOrDefault(PATH, ""), image.getOrDefault(PATH, "")));
        }
        return all;
    }

    private static String path(String own, String image) {
        var directories = new LinkedHashSet<String>();
        directories.add(own.split(":", -1)[0]);
        // an empty one or a relative one would be the commit's own files
        Arrays.stream(image.split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .forEach(directories::add);
        directories.addAll(Arrays.asList(own.split(":", -1)));
        return String.join(":", directories);
    }
}
