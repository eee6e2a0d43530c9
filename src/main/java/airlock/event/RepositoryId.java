package airlock.event;

/// A repository's permanent identity: the forge's name in the configuration and the forge's id for
/// it. Names change with a rename or a transfer; ids do not (T8).
///
/// @param forge the forge's key in the configuration, such as `codeberg`
/// @param id the forge's own id for the repository, as text
public record RepositoryId(String forge, String id) {
    public RepositoryId {
        if (!forge.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException(
                    "not a forge name: '" + forge + "' (a-z, 0-9 and -, at most 63)");
        }
        if (!id.matches("[A-Za-z0-9._{}-]{1,128}")) {
            throw new IllegalArgumentException("not a repository id: '" + id + "'");
        }
    }

    public static RepositoryId parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "not a repository id: '" + text + "' (expected FORGE:ID)");
        }
        return new RepositoryId(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
        return forge + ":" + id;
    }
}
