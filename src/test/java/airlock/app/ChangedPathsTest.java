package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Plans that are only for some files: real git, real server, machines that are doubles.
final class ChangedPathsTest extends OnBot {
    private static final String PLAN =
            """
            when: {paths: ["src/**"]}
            plan: [{action: shell, shell: exit %d}]
            """;

    private String pushed(String file, String text, String state) throws Exception {
        String commit = checkout().commit(file, text);
        checkout().push("main");
        awaitState(commit, "airlock/main", state);
        return commit;
    }

    @Test
    void aPushIsComparedWithWhatPassedLast() throws Exception {
        pushed(".airlock.yaml", PLAN.formatted(0), "success");
        assertThat(host.started()).as("a branch's first push is run").hasSize(1);

        pushed("docs/a", "1", "success");
        assertThat(host.started()).as("nothing of src").hasSize(1);

        pushed("src/a", "1", "success");
        assertThat(host.started()).hasSize(2);

        pushed(".airlock.yaml", PLAN.formatted(3), "failure");
        assertThat(host.started()).as("the plan itself").hasSize(3);

        String docs = pushed("docs/a", "2", "failure");
        assertThat(host.started()).as("what failed is still in it").hasSize(4);
        assertThat(forge.states(docs, "airlock/main")).startsWith("pending");
    }

    @Test
    void aChangeRequestIsComparedWithItsTarget() throws Exception {
        pushed(".airlock.yaml", PLAN.formatted(0), "success");
        // the first sweep only records refs
        sweep();
        checkout().git("checkout", "-q", "-b", "topic");
        String docs = checkout().commit("docs/a", "1");
        offer(1, docs);
        awaitState(docs, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(1);

        // the target's `when`, whatever the commit's says
        String source = checkout().commit("src/a", "1");
        offer(2, source);
        awaitState(source, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(2);

        checkout().git("checkout", "-q", "-f", "-B", "other", "main");
        String own =
                checkout().commit(".airlock.yaml", PLAN.formatted(0).replace("src/**", "none"));
        offer(3, own);
        awaitState(own, "airlock/main/pr/main", "success");
        assertThat(host.started()).hasSize(3);
    }
}
