package airlock.event;

/// What is being tested: a branch, a tag, a change request or a merge group. Order, superseding,
/// views and badges go by repository and [#key()] (T4), so a fork's `main` never meets ours.
public sealed interface Subject {
    /// The kind as stored: `branch`, `tag`, `change` or `queue`.
    String kind();

    /// The full ref, or the change request's number.
    String key();

    /// The branch that a change request or merge group wants to get into; empty for refs.
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

        @Override
        public String kind() {
            return "branch";
        }

        @Override
        public String key() {
            return ref;
        }
    }

    /// A tag of the repository itself.
    ///
    /// @param ref the full ref, `refs/tags/…`
    record Tag(String ref) implements Subject {
        public Tag {
            Refs.check(ref, "refs/tags/");
        }

        @Override
        public String kind() {
            return "tag";
        }

        @Override
        public String key() {
            return ref;
        }
    }

    /// A pull or merge request.
    ///
    /// @param number the forge's number for it, from 1
    /// @param target the short name of the branch that it wants to get into
    record Change(long number, String target) implements Subject {
        public Change {
            if (number < 1) {
                throw new IllegalArgumentException("not a change request's number: " + number);
            }
            Refs.check("refs/heads/" + target, "refs/heads/");
        }

        @Override
        public String kind() {
            return "change";
        }

        @Override
        public String key() {
            return Long.toString(number);
        }
    }

    /// The commits of a merge queue that a forge wants tested before it merges them: GitHub's
    /// `merge_group` (docs.github.com, "Managing a merge queue").
    ///
    /// @param ref the branch that the forge made for it, `refs/heads/gh-readonly-queue/TARGET/…`
    /// @param target the short name of the branch that it is to be merged into
    record MergeGroup(String ref, String target) implements Subject {
        private static final String PREFIX = "refs/heads/gh-readonly-queue/";

        public MergeGroup {
            Refs.check(ref, PREFIX);
            Refs.check("refs/heads/" + target, "refs/heads/");
        }

        /// The group whose branch is `ref`.
        ///
        /// @throws IllegalArgumentException if `ref` has not such a name
        public static MergeGroup of(String ref) {
            int end = ref.lastIndexOf('/');
            if (!isBranchOfOne(ref) || end <= PREFIX.length()) {
                throw new IllegalArgumentException(
                        "not the branch of a merge group: '" + ref + "'");
            }
            return new MergeGroup(ref, ref.substring(PREFIX.length(), end));
        }

        /// Whether a branch belongs to a merge queue, and so is no branch that anybody pushes to.
        public static boolean isBranchOfOne(String ref) {
            return ref.startsWith(PREFIX);
        }

        @Override
        public String kind() {
            return "queue";
        }

        @Override
        public String key() {
            return ref;
        }
    }

    /// Makes the subject that [#kind()], [#key()] and [#target()] tell of.
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

    /// What people call it: `main`, `v1.0`, `#7`.
    default String shortName() {
        return switch (this) {
            case Branch branch -> branch.ref().substring("refs/heads/".length());
            case Tag tag -> tag.ref().substring("refs/tags/".length());
            case Change change -> "#" + change.number();
            case MergeGroup group -> group.ref().substring("refs/heads/".length());
        };
    }
}
