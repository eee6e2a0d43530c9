package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.ForgeKind;
import airlock.event.RepositoryId;
import airlock.forge.StatusPoster.CommitState;
import airlock.forge.StatusPoster.PostAnswer;
import airlock.forge.StatusPoster.StatusUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Redirects are not followed; the new name is requested by the id.
class RenamedRepositoryTest {
    private static final ForgeRepository BEFORE =
            new ForgeRepository(new RepositoryId("gitea", "2"), "alice/before");
    private static final StatusUpdate UPDATE =
            new StatusUpdate(
                    new CommitId("b677e68b221b81858d87de40f89ea1a913a31323"),
                    CommitState.SUCCESS,
                    "airlock",
                    "",
                    "");

    private final MockForge forge = new MockForge(ForgeKind.GITEA);

    @AfterEach
    void close() {
        forge.close();
    }

    private PostAnswer post() {
        return forge.statuses().post(BEFORE, UPDATE);
    }

    @Test
    void theNewNameIsAskedForById() throws InterruptedException {
        forge.answersAsRecorded(72).answersAsRecorded(189);

        assertThat(post()).isEqualTo(new ApiFailure.Renamed("alice/widget"));
        assertThat(forge.request().getMethod()).isEqualTo("POST");
        assertThat(forge.request().getRequestLine())
                .isEqualTo("GET /api/v1/repositories/2 HTTP/1.1");
        assertThat(forge.requests()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void noRedirectIsFollowedWhereverItPoints(int status) {
        forge.answers(status, "", "Location: http://127.0.0.1:1/elsewhere").answersAsRecorded(189);

        assertThat(post()).isEqualTo(new ApiFailure.Renamed("alice/widget"));
    }

    @Test
    void theQuestionForAStatusIsRedirectedAlike() {
        forge.answersAsRecorded(72).answersAsRecorded(189);

        assertThat(forge.statuses().latest(BEFORE, UPDATE.commit(), UPDATE.context()))
                .isEqualTo(new ApiFailure.Renamed("alice/widget"));
    }

    @Test
    void aRedirectThatChangesNoNameIsAMistakeInTheConfiguration() {
        forge.answers(301, "").answers(200, "{\"id\": 2, \"full_name\": \"alice/before\"}");

        assertThat(post())
                .isInstanceOfSatisfying(
                        ApiFailure.Refused.class,
                        answer -> assertThat(answer.cure()).contains("set its 'api'"));
    }

    @Test
    void aNameThatIsNoneIsNotUsed() {
        forge.answers(301, "").answers(200, "{\"id\": 2, \"full_name\": \"../../admin\"}");

        assertThat(post()).isInstanceOf(ApiFailure.Refused.class);
    }

    @Test
    void aRepositoryThatIsGoneIsARefusalAndABusyForgeIsNot() {
        forge.answers(301, "")
                .answersAsRecorded(126)
                .answers(301, "")
                .answers(503, "", "Retry-After: 9");

        assertThat(post()).isInstanceOf(ApiFailure.Refused.class);
        assertThat(post()).isInstanceOf(ApiFailure.Retry.class);
    }
}
