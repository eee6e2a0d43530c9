package airlock.image;

import airlock.vm.BootFiles.Emulation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Instructions for building an image: text with a word and its value on each line; `#` begins a
/// comment line.
///
/// @param text as it was written, which the image's key covers
/// @param values by word, in the order of the lines
public record Recipe(String text, Map<String, List<String>> values) {
    /// Names of the recipes that come with Airlock.
    public static final List<String> BUILT_IN =
            List.of(
                    "debian-13",
                    "base",
                    "rust",
                    "node",
                    "python",
                    "go",
                    "java",
                    "debian-packaging");

    private static final int LONGEST = 1 << 20;
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]*");
    private static final Pattern NAME =
            Pattern.compile("(?!building-|removing-)[A-Za-z0-9][A-Za-z0-9+._-]{0,99}");
    private static final Pattern MIRROR =
            Pattern.compile("https?://[A-Za-z0-9\\[][A-Za-z0-9.:_~%/\\]-]*");
    private static final Pattern COMMAND = Pattern.compile("\\P{Cntrl}{1,4096}");

    private static final Map<String, Pattern> WORDS =
            Map.of(
                    "name", NAME,
                    "suite", WORD,
                    "disk", WORD,
                    "mirror", MIRROR,
                    "package", WORD,
                    "module", WORD,
                    "emulation", WORD,
                    "run", COMMAND);

    public Recipe {
        values = Map.copyOf(values);
    }

    /// The name of its images.
    public String name() {
        return last("name");
    }

    /// The Debian suite.
    public String suite() {
        return last("suite");
    }

    /// The size of the system disk, in the notation of mke2fs(8).
    public String disk() {
        return last("disk");
    }

    /// Where packages come from; empty for the default of mmdebstrap(1).
    public List<String> mirrors() {
        return all("mirror");
    }

    /// Debian packages besides the essential ones.
    public List<String> packages() {
        return all("package");
    }

    /// Kernel modules that the guest needs before it has its disk.
    public List<String> modules() {
        return all("module");
    }

    /// How CPUs are emulated without KVM; empty to choose by the image's files.
    public Optional<Emulation> emulation() {
        return Emulation.of(last("emulation"));
    }

    /// Commands for the image's `sh`, in the finished root file system.
    public List<String> commands() {
        return all("run");
    }

    private List<String> all(String word) {
        return values.getOrDefault(word, List.of());
    }

    private String last(String word) {
        var all = all(word);
        return all.isEmpty() ? "" : all.getLast();
    }

    /// Whether a recipe with that name comes with Airlock.
    public static boolean isBuiltIn(String name) {
        return BUILT_IN.contains(name);
    }

    /// A recipe that comes with Airlock.
    public static Recipe builtIn(String name) {
        if (!isBuiltIn(name)) {
            throw new ImageException(
                    ("there is no recipe '%s'; Airlock brings %s, and one of your own is named by"
                                    + " its file, with a `/`")
                            .formatted(name, String.join(", ", BUILT_IN)));
        }
        try (var in = Recipe.class.getResourceAsStream(name + ".recipe")) {
            if (in == null) {
                throw new ImageException("this build of Airlock lacks the recipe " + name);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ImageException("cannot read the recipe " + name, e);
        }
    }

    /// Reads a recipe from a file.
    public static Recipe in(Path file) {
        byte[] bytes = StoreFiles.small(file, LONGEST);
        try {
            return parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new ImageException("the recipe " + file + " is not UTF-8 text", e);
        } catch (ImageException e) {
            throw new ImageException("the recipe " + file + ": " + e.getMessage(), e);
        }
    }

    /// Parses the text of a recipe.
    public static Recipe parse(String text) {
        Map<String, List<String>> values = new HashMap<>();
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            String[] words = line.strip().split(" +", 2);
            String value = words.length == 2 ? words[1] : "";
            var pattern = WORDS.get(words[0]);
            if (pattern == null || !pattern.matcher(value).matches()) {
                throw new ImageException("not a line of a recipe: '" + line + "'");
            }
            if (words[0].equals("emulation") && Emulation.of(value).isEmpty()) {
                throw new ImageException(
                        "not a line of a recipe: '%s'; emulation is parallel or in_turn"
                                .formatted(line));
            }
            values.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(value);
        }
        if (!values.keySet().containsAll(Set.of("name", "suite", "disk"))) {
            throw new ImageException("a recipe needs name, suite and disk");
        }
        return new Recipe(text, values);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
