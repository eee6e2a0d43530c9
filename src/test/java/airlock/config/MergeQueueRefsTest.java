package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.Subject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// T1: what a merge queue pushes is never a push to a listed ref.
final class MergeQueueRefsTest {
    private static final String REF = "refs/heads/gh-readonly-queue/main/pr-7-abc";

    @TempDir private Path folder;

    @Test
    void noPatternListsAMergeQueuesBranch() {
        for (String pattern : List.of("'**'", "'*/main/**'", "'gh-*/**'", "'refs/heads/**'")) {
            var hello =
                    new ConfigFixture(folder)
                            .config(ConfigFixture.SMALL + "  listed_refs: [" + pattern + "]\n")
                            .repositories()
                            .getFirst();
            assertThat(hello.lists(new Subject.Branch(REF))).as(pattern).isFalse();
            assertThat(hello.lists(Subject.MergeGroup.of(REF))).as(pattern).isFalse();
        }
    }

    @Test
    void aPatternForSuchBranchesAloneIsAMistake() {
        for (String pattern : List.of("gh-readonly-queue/**", REF)) {
            assertThatThrownBy(() -> RefPattern.of(pattern))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("merge groups");
        }
    }

    @Test
    void aMergeGroupsTargetIsWhatStandsBeforeItsLastName() {
        assertThat(Subject.MergeGroup.of("refs/heads/gh-readonly-queue/a/b/pr-1-c").target())
                .isEqualTo("a/b");
        for (String ref :
                List.of(
                        "refs/heads/main",
                        "refs/heads/gh-readonly-queue/main",
                        "refs/heads/gh-readonly-queue//x",
                        "refs/heads/gh-readonly-queue/../x/y",
                        "refs/tags/gh-readonly-queue/main/x")) {
            assertThatThrownBy(() -> Subject.MergeGroup.of(ref))
                    .as(ref)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
