package airlock.source;

import airlock.event.CommitId;
import java.util.List;

/// What a forge says when asked for a repository's refs.
public sealed interface Listing extends Answer permits Listing.Tips, Refused, Unreachable {
    /// The refs that there are, in the forge's order.
    record Tips(List<Tip> tips) implements Listing {
        public Tips {
            tips = List.copyOf(tips);
        }
    }

    /// One ref.
    ///
    /// @param ref its full name
    /// @param id the object that it names: a commit, or an annotated tag's tag object
    /// @param commit the commit behind it; `id` itself where that is no tag object
    record Tip(String ref, CommitId id, CommitId commit) {}
}
