package airlock.yaml;

/// Limits of a YAML file, enforced while it is parsed. The target of an alias counts each time.
///
/// @param nodes scalars, lists and mappings, keys included
/// @param characters of all scalars together
/// @param aliases how many uses of `*name`
public record YamlLimits(int bytes, int nodes, int characters, int depth, int aliases) {
    /// For files of up to 1 MiB that people write.
    public static final YamlLimits HAND_WRITTEN = new YamlLimits(1 << 20, 20_000, 4 << 20, 32, 200);
}
