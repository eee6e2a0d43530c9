package airlock.source;

import airlock.event.Refs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/// A tag, as a forge or a repository has it.
///
/// @param ref its full name, which git would take
/// @param id what it names: a commit, or a tag object
/// @param target what is behind the tag object, as whoever offers it says; `id` where it names a
///     commit itself
record GitTag(String ref, ObjectId id, ObjectId target) {
    static final String PREFIX = "refs/tags/";

    /// Those of `refs` that are tags with a name that can do no harm, `first` before all others.
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
