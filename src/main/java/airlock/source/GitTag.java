package airlock.source;

import airlock.event.Refs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/// A tag of a forge or a repository.
///
/// @param ref its full name, valid for git
/// @param id the object it names: a commit or a tag object
/// @param target the object behind the tag object, unverified; `id` if that is a commit
record GitTag(String ref, ObjectId id, ObjectId target) {
    static final String PREFIX = "refs/tags/";

    /// The tags among `refs` with harmless names, `first` before all others.
    static List<GitTag> among(Collection<Ref> refs, String first) {
        List<GitTag> tags = new ArrayList<>();
        for (Ref ref : refs) {
            ObjectId id = ref.getObjectId();
            if (id != null && Refs.valid(ref.getName(), PREFIX)) {
                var tag = new GitTag(ref.getName(), id.copy(), FetchJob.peeled(ref).copy());
                tags.add(tag.ref().equals(first) ? 0 : tags.size(), tag);
            }
        }
        return tags;
    }

    /// Whether there is a tag object, with a message of its own.
    boolean isAnnotated() {
        return !id.equals(target);
    }
}
