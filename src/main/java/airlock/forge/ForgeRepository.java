package airlock.forge;

import airlock.event.RepositoryId;

/// A repository as the forge's API is asked for it.
///
/// @param id what never changes
/// @param fullName `owner/name` as of now; changes with a rename or a transfer
public record ForgeRepository(RepositoryId id, String fullName) {
    public ForgeRepository {
        if (!fullName.matches("[A-Za-z0-9._-]{1,255}/[A-Za-z0-9._-]{1,255}")
                || fullName.matches(".*(^|/)\\.\\.?(/|$).*")) {
            throw new IllegalArgumentException(
                    "not a repository's name: '" + fullName + "' (expected OWNER/NAME)");
        }
    }
}
