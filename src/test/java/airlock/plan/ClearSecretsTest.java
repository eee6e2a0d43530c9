package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClearSecretsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo '-----BEGIN OPENSSH PRIVATE KEY-----' > key",
                "curl -H 'X: ghp_abcdefghijklmnopqrstuvwxyz0123456789'",
                "export T=glpat-abcdefghij0123456789",
                "aws --key AKIAABCDEFGHIJKLMNOP",
                "git clone https://bob:hunter2hunter2@git.example/x",
                "PASSWORD=hunter2hunter2 ./publish",
                "./publish --api-key='7f3e9c00aa11bb22'",
            })
    void whatLooksLikeASecretIsFound(String text) {
        assertThat(ClearSecrets.in(text)).as(text).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "make check",
                "PASSWORD=$UPLOAD_PASSWORD ./publish",
                "password=\"$(cat /ci/secrets/p)\"",
                "git clone https://git.example:8443/x@v1",
                "curl https://$USER:$TOKEN@host.example/",
                "echo the secret of 12345678901234567890",
                "token = os.environ['T']",
                "-----BEGIN PUBLIC KEY-----",
            })
    void whatOnlySpeaksOfOneIsNot(String text) {
        assertThat(ClearSecrets.in(text)).as(text).isEmpty();
    }

    @Test
    void theWarningNamesThePlaceAndNotTheSecret() {
        var warnings =
                warnings(
                        """
                        plan:
                          - action: setenv
                            set: {API_TOKEN: 7f3e9c00aa11, NAME: bob}
                          - action: shell
                            shell: echo glpat-abcdefghij0123456789
                        """);

        assertThat(warnings).hasSize(2);
        assertThat(warnings.getFirst())
                .startsWith(".airlock.yaml:3:22: warning: plan[0].set.API_TOKEN: this looks like");
        assertThat(warnings.getLast())
                .startsWith(".airlock.yaml:5:12: warning: plan[1].shell: this looks like a token");
        assertThat(String.join("", warnings)).doesNotContain("7f3e9c", "abcdefghij");
    }

    @Test
    void aSecretIsFoundWhereverItStandsInTheFile() {
        var warnings =
                warnings(
                        """
                        env: {API_TOKEN: 7f3e9c00aa11}
                        matrix: {user: [bob, glpat-abcdefghij0123456789]}
                        plan: []
                        """);

        assertThat(warnings).hasSize(2);
        assertThat(warnings.getFirst())
                .startsWith(".airlock.yaml:1:18: warning: env.API_TOKEN: this looks like");
        assertThat(warnings.getLast())
                .startsWith(".airlock.yaml:2:22: warning: matrix.user[1]: this looks like");
    }

    @Test
    @Timeout(60)
    void textsThatNearlyFitTakeNoLongerThanOthers() {
        for (String part :
                List.of(
                        "token=",
                        "secret = '",
                        "://a:",
                        "://" + "a".repeat(99),
                        "password",
                        "_a")) {
            String text = part.repeat(128 * 1024 / part.length());
            long start = System.nanoTime();
            ClearSecrets.in(text);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as(part)
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    private static List<String> warnings(String text) {
        return PlanFixture.warnings(PlanFile.AIRLOCK, text);
    }
}
