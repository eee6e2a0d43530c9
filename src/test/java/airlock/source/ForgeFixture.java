package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// One forge for all tests of a class, and a new repository for each.
abstract class ForgeFixture {
    @TempDir static Path temporary;
    static Forge forge;

    Forge.Repo repo;
    GitRepo git;

    @BeforeAll
    static void startForge() throws IOException {
        forge = new Forge(temporary);
    }

    @AfterAll
    static void stopForge() {
        forge.close();
    }

    @BeforeEach
    void makeRepository() {
        repo = forge.repo();
        git = repo.git();
    }

    static void assertRefused(Object answer, String... reasons) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains(reasons));
    }

    static void assertUnreachable(Fetched fetched, boolean retryable, String... reasons) {
        assertThat(fetched)
                .isInstanceOfSatisfying(
                        Unreachable.class,
                        answer -> {
                            assertThat(answer.why()).contains(reasons);
                            assertThat(answer.retryable()).isEqualTo(retryable);
                        });
    }

    @AfterEach
    void behave() {
        forge.server.answer(null);
        forge.server.demand("");
        forge.server.protocol("");
    }
}
