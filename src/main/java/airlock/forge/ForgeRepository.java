package airlock.forge;

import airlock.event.RepositoryId;

/// A repository at a forge.
///
/// @param id never changes
/// @param fullName its current `owner/name`; changes with a rename or transfer
public record ForgeRepository(RepositoryId id, String fullName) {
    public ForgeRepository {
        if (!fullName.matches("[A-Za-z0-9._-]{1,255}/[A-Za-z0-9._-]{1,255}")
                || fullName.matches(".*(^|/)\\.\\.?(/|$).*")) {
            throw new IllegalArgumentException(
                    "not a repository's name: '" + fullName + "' (expected OWNER/NAME)");
        }
    }
}
