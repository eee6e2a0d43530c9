package airlock.event;

/// The subject of a test: a branch, a tag, a change request or a merge group. Order, superseding,
/// views and badges use repository and [#key()] (T4), so a fork's `main` never mixes with ours.
public sealed interface Subject {
    /// The kind as stored: `branch`, `tag`, `change` or `queue`.
    default String kind() {
        return switch (this) {
            case Branch _ -> "branch";
            case Tag _ -> "tag";
            case Change _ -> "change";
            case MergeGroup _ -> "queue";
        };
    }

    /// The full ref, or the change request's number.
    default String key() {
        return switch (this) {
            case Branch(String ref) -> ref;
            case Tag(String ref) -> ref;
            case Change(long number, _) -> Long.toString(number);
            case MergeGroup(String ref, _) -> ref;
        };
    }

    /// The target branch of a change request or merge group; empty for refs.
    default String target() {
        return "";
    }

    /// A branch of the repository itself.
    ///
    /// @param ref the full ref, `refs/heads/…`
    record Branch(String ref) implements Subject {
        public Branch {
            Refs.check(ref, "refs/heads/");
        }
    }

    /// A tag of the repository itself.
    ///
    /// @param ref the full ref, `refs/tags/…`
    record Tag(String ref) implements Subject {
        public Tag {
            Refs.check(ref, "refs/tags/");
        }
    }

    /// A pull or merge request.
    ///
    /// @param number the forge's number for it, from 1
    /// @param target the short name of its target branch
    record Change(long number, String target) implements Subject {
        public Change {
            if (number < 1) {
                throw new IllegalArgumentException("not a change request's number: " + number);
            }
            Refs.check("refs/heads/" + target, "refs/heads/");
        }
    }

    /// Commits of a merge queue to be tested before the forge merges them: GitHub's `merge_group`
    /// (docs.github.com, "Managing a merge queue").
    ///
    /// @param ref the forge's branch for it, `refs/heads/gh-readonly-queue/TARGET/…`
    /// @param target the short name of its target branch
    record MergeGroup(String ref, String target) implements Subject {
        private static final String PREFIX = "refs/heads/gh-readonly-queue/";

        public MergeGroup {
            Refs.check(ref, PREFIX);
            Refs.check("refs/heads/" + target, "refs/heads/");
        }

        /// The group whose branch is `ref`.
        ///
        /// @throws IllegalArgumentException if `ref` has another form
        public static MergeGroup of(String ref) {
            int end = ref.lastIndexOf('/');
            if (!isBranchOfOne(ref) || end <= PREFIX.length()) {
                throw new IllegalArgumentException(
                        "not the branch of a merge group: '" + ref + "'");
            }
            return new MergeGroup(ref, ref.substring(PREFIX.length(), end));
        }

        /// Whether a branch belongs to a merge queue, so that people don't push to it.
        public static boolean isBranchOfOne(String ref) {
            return ref.startsWith(PREFIX);
        }
    }

    /// Makes a subject of its [#kind()], [#key()] and [#target()].
    static Subject of(String kind, String key, String target) {
        return switch (kind) {
            case "branch" -> new Branch(key);
            case "tag" -> new Tag(key);
            case "queue" -> new MergeGroup(key, target);
            case "change" -> new Change(Long.parseLong(key), target);
            default ->
                    throw new IllegalArgumentException("unknown kind of subject: '" + kind + "'");
        };
    }

    /// The context of the commit status (T4) of a request that ended before its plans were read.
    default String context() {
        return "airlock" + contextEnd();
    }

    /// The context of one plan's run: `airlock/PLAN` for pushes, `airlock/PLAN/pr/TARGET` for
    /// change requests and merge groups.
    ///
    /// @param cell the matrix cell as people read it; empty for plans without a matrix
    default String context(String plan, String cell) {
        return "airlock/" + plan + contextEnd() + (cell.isEmpty() ? "" : " (" + cell + ")");
    }

    private String contextEnd() {
        // a merge queue waits for the contexts that the change requests have
        return target().isEmpty() ? "" : "/pr/" + target();
    }

    /// The name for people: `main`, `v1.0`, `#7`.
    default String shortName() {
        return switch (this) {
            case Branch branch -> branch.ref().substring("refs/heads/".length());
            case Tag tag -> tag.ref().substring("refs/tags/".length());
            case Change change -> "#" + change.number();
            case MergeGroup group -> group.ref().substring("refs/heads/".length());
        };
    }
}
