package airlock.source;

import airlock.event.CommitId;
import java.util.List;
import java.util.Optional;

/// A forge's answer when asked for a repository's refs.
public sealed interface Listing extends Answer permits Listing.Tips, Refused, Unreachable {
    /// The refs, in the forge's order.
    record Tips(List<Tip> tips) implements Listing {
        public Tips {
            tips = List.copyOf(tips);
        }

        /// The commit of `ref`; empty if the forge has no such ref.
        public Optional<CommitId> commitOf(String ref) {
            return tips.stream().filter(t -> t.ref().equals(ref)).map(Tip::commit).findFirst();
        }
    }

    /// One ref.
    ///
    /// @param ref its full name
    /// @param id the object it names: a commit, or an annotated tag's tag object
    /// @param commit the commit behind a tag object; otherwise `id`
    record Tip(String ref, CommitId id, CommitId commit) {}
}
