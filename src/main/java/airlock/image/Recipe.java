package airlock.image;

import airlock.vm.Emulation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How an image is made.
///
/// @param suite the Debian suite
/// @param disk the system disk's size as mke2fs(8) writes it
/// @param mirrors where packages come from, none for what mmdebstrap(1) takes by itself
/// @param packages Debian packages beside the essential ones
/// @param modules kernel modules that the guest needs before it has its disk
/// @param emulation how CPUs are emulated where there is no KVM; empty for what its files ask for
/// @param commands for the image's `sh`, in the finished root file system
/// @param text the recipe as it is written, which its hash is over
public record Recipe(
        String name,
        String suite,
        String disk,
        List<String> mirrors,
        List<String> packages,
        List<String> modules,
        Optional<Emulation> emulation,
        List<String> commands,
        String text) {
    /// Those that Airlock brings along.
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

    public Recipe {
        mirrors = List.copyOf(mirrors);
        packages = List.copyOf(packages);
        modules = List.copyOf(modules);
        commands = List.copyOf(commands);
    }

    /// Whether Airlock brings one along under `name`.
    public static boolean isBuiltIn(String name) {
        return BUILT_IN.contains(name);
    }

    /// The recipe that Airlock brings along under `name`.
    public static Recipe builtIn(String name) {
        if (!isBuiltIn(name)) {
            throw new ImageException(
                    "there is no recipe '"
                            + name
                            + "'; Airlock brings "
                            + String.join(", ", BUILT_IN)
                            + ", and one of your own is named by its file, with a `/`");
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

    /// The recipe in a file.
    public static Recipe in(Path file) {
        byte[] bytes = StoreFiles.small(file, LONGEST);
        try {
            return parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new ImageException("the recipe " + file + " is no UTF-8 text", e);
        } catch (ImageException e) {
            throw new ImageException("the recipe " + file + ": " + e.getMessage(), e);
        }
    }

    /// Reads a recipe: a word and its value a line, `#` begins a comment line.
    public static Recipe parse(String text) {
        String name = "";
        String suite = "";
        String disk = "";
        var mirrors = new ArrayList<String>();
        var packages = new ArrayList<String>();
        var modules = new ArrayList<String>();
        Optional<Emulation> emulation = Optional.empty();
        var commands = new ArrayList<String>();
        for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
            String[] words = line.strip().split(" +", 2);
            String value = words.length == 2 ? words[1] : "";
            switch (words[0]) {
                case "name" -> name = fitting(NAME, value, line);
                case "suite" -> suite = fitting(WORD, value, line);
                case "disk" -> disk = fitting(WORD, value, line);
                case "mirror" -> mirrors.add(fitting(MIRROR, value, line));
                case "package" -> packages.add(fitting(WORD, value, line));
                case "module" -> modules.add(fitting(WORD, value, line));
                case "emulation" -> emulation = Optional.of(emulation(value, line));
                case "run" -> commands.add(fitting(COMMAND, value, line));
                default -> throw notALine(line);
            }
        }
        if (name.isEmpty() || suite.isEmpty() || disk.isEmpty()) {
            throw new ImageException("a recipe needs name, suite and disk");
        }
        return new Recipe(name, suite, disk, mirrors, packages, modules, emulation, commands, text);
    }

    /// Whether an image can be called so.
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static String fitting(Pattern pattern, String value, String line) {
        if (!pattern.matcher(value).matches()) {
            throw notALine(line);
        }
        return value;
    }

    private static Emulation emulation(String value, String line) {
        return Emulation.of(value)
                .orElseThrow(
                        () ->
                                new ImageException(
                                        "not a line of a recipe: '"
                                                + line
                                                + "'; emulation is parallel or in_turn"));
    }

    private static ImageException notALine(String line) {
        return new ImageException("not a line of a recipe: '" + line + "'");
    }
}
