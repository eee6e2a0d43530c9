package airlock.house;

/// A change request of the loopback forge, as its API tells of it. Git keeps its head below
/// `refs/pull/`.
///
/// @param target the branch's short name
/// @param head the commit
/// @param headRef the branch's short name, or `refs/pull/N/head` for one that came by AGit
/// @param headRepository the repository of the head; 0 where it is gone
public record HostedChange(
        long number,
        String title,
        String target,
        String head,
        String headRef,
        long headRepository,
        boolean draft,
        boolean open) {

    /// One of a branch of the repository itself.
    public static HostedChange inside(long number, String target, String head, String headRef) {
        return new HostedChange(number, "Change " + number, target, head, headRef, -1, false, true);
    }

    /// One from another repository, whose branch may be called like one of this.
    public HostedChange from(long repository, String branch) {
        return new HostedChange(number, title, target, head, branch, repository, draft, open);
    }

    /// The same with another head.
    public HostedChange at(String commit) {
        return new HostedChange(
                number, title, target, commit, headRef, headRepository, draft, open);
    }

    public HostedChange asDraft(boolean isDraft) {
        return new HostedChange(
                number, title, target, head, headRef, headRepository, isDraft, open);
    }

    public HostedChange titled(String other) {
        return new HostedChange(number, other, target, head, headRef, headRepository, draft, open);
    }

    public HostedChange onto(String other) {
        return new HostedChange(number, title, other, head, headRef, headRepository, draft, open);
    }

    public HostedChange closed() {
        return new HostedChange(number, title, target, head, headRef, headRepository, draft, false);
    }
}
