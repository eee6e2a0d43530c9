package airlock.secrets;

/// What became of the wish for a new key.
public sealed interface NewKey {
    /// It is made and kept.
    record Made(SshKey key) implements NewKey {}

    /// There is one of that name already; it was left as it is, since others may rely on it.
    record Exists(SshKey key) implements NewKey {}
}
