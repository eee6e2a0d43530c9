package airlock.run;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.plan.PlanPath;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.source.CommitFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CommitPlansTest {
    private static final PlanReader READER = new PlanReader();

    private static CommitFile file(String path, String text) {
        return new CommitFile.Content(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String summary(CommitPlans plans, int number) {
        return ((PlanReading.Invalid) plans.read(READER, plans.paths().get(number))).summary();
    }

    @Test
    void whatIsNoFileOrTooLargeIsAMistakeOfThatPlanAlone() {
        var plans =
                CommitPlans.of(
                        List.of(
                                file(".airlock.yaml", "plan: []"),
                                new CommitFile.NotAFile(".airlock/a.yaml", "a symbolic link"),
                                new CommitFile.TooLarge(".airlock/b.yaml", 300_000, 262_144)));

        assertThat(plans.mistake()).isEmpty();
        assertThat(plans.read(READER, plans.paths().getFirst()))
                .isInstanceOf(PlanReading.Read.class);
        assertThat(summary(plans, 1))
                .isEqualTo(".airlock/a.yaml:1:1: is a symbolic link, and a plan is a file");
        assertThat(summary(plans, 2)).contains("has 300,000 bytes, and a plan at most 262,144");
        assertThat(plans.text(plans.paths().get(1))).isEmpty();
    }

    @Test
    void aFolderThatIsNoneIsAMistakeOfAll() {
        var plans =
                CommitPlans.of(
                        List.of(
                                file(".airlock.yaml", "plan: []"),
                                new CommitFile.NotAFile(".airlock", "a symbolic link")));

        assertThat(plans.mistake())
                .contains(".airlock is a symbolic link, and plans stand in a directory");
    }

    @Test
    void sixtyFourPlansAreTakenAndMoreAreNot() {
        var files = new ArrayList<CommitFile>();
        for (int i = 0; i < PlanPath.MOST; i++) {
            files.add(file(".airlock/p%02d.yaml".formatted(i), "plan: []"));
        }
        assertThat(CommitPlans.of(files).mistake()).isEmpty();
        files.add(file(".airlock.yaml", "plan: []"));
        assertThat(CommitPlans.of(files).mistake()).contains("there are more than 64 plans");
    }

    @Test
    void whatTheCommitHasNotIsAbsent() {
        var theirs = CommitPlans.of(List.of(file(".airlock/a.yaml", "plan: []")));
        var commits = CommitPlans.of(List.of(file(".airlock/b.yaml", "plan: []")));

        assertThat(commits.read(READER, theirs.paths().getFirst()))
                .isEqualTo(new PlanReading.Absent());
    }
}
