package airlock.yaml;

/// How much a YAML file may be. Everything is counted while the file is read, before anything is
/// made of it, and what an alias stands for counts each time.
///
/// @param bytes of the file
/// @param nodes scalars, lists and mappings, keys included
/// @param characters of all scalars together
/// @param depth of nesting
/// @param aliases how often `*name` may stand
public record YamlLimits(int bytes, int nodes, int characters, int depth, int aliases) {
    /// For a file of up to a mebibyte that people write.
    public static final YamlLimits HAND_WRITTEN = new YamlLimits(1 << 20, 20_000, 4 << 20, 32, 200);
}
