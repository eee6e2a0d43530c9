package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import airlock.forge.Forge;
import airlock.forge.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The signature header of each kind of forge.
class SignatureHeadersTest {
    private static final Map<String, String> ALL =
            Map.of(
                    "X-Hub-Signature-256", "sha256=github",
                    "X-Hub-Signature", "sha1=old",
                    "X-Gitea-Signature", "gitea",
                    "X-Gogs-Signature", "gogs");

    @Test
    void eachForgeHasItsOwn() {
        assertThat(claimed(ForgeKind.GITHUB, ALL)).isEqualTo("github");
        assertThat(claimed(ForgeKind.GITEA, ALL)).isEqualTo("gitea");
        assertThat(claimed(ForgeKind.FORGEJO, ALL)).isEqualTo("gitea");
    }

    @Test
    void aForgejosBadSignatureIsNotRescuedByAGoodOneOfAnotherName() {
        assertThat(
                        claimed(
                                ForgeKind.FORGEJO,
                                Map.of("X-Forgejo-Signature", "bad", "X-Gitea-Signature", "good")))
                .isEqualTo("bad");
        assertThat(
                        claimed(
                                ForgeKind.FORGEJO,
                                Map.of("X-Forgejo-Signature", "", "X-Gitea-Signature", "good")))
                .isEmpty();
    }

    @Test
    void githubsOldSha1CountsForNothing() {
        assertThat(claimed(ForgeKind.GITHUB, Map.of("X-Hub-Signature", "sha1=old"))).isEmpty();
        assertThat(claimed(ForgeKind.GITHUB, Map.of("X-Hub-Signature-256", "sha1=old"))).isEmpty();
        assertThat(claimed(ForgeKind.GITHUB, Map.of("X-Hub-Signature-256", "bare"))).isEmpty();
    }

    private static String claimed(ForgeKind kind, Map<String, String> headers) {
        return Forge.of(kind).claimedSignature(Headers.ofSingle(headers));
    }
}
