package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetLineTest {
    private static final String KEY = "ssh-ed25519 AAAA airlock-deploy@forge:7";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "rsync:/srv/www | restrict,command=\"rrsync -wo /srv/www\"",
                "sftp | restrict,command=\"internal-sftp\"",
                "git | restrict",
                "command:cat > \"$HOME/x\" | restrict,command=\"cat > \\\"$HOME/x\\\"\"",
                "ca:www-data,bob | restrict,cert-authority,principals=\"www-data,bob\"",
            })
    void eachUseHasItsLine(String use, String options) {
        assertThat(TargetLine.of(use).orElseThrow().with(KEY)).isEqualTo(options + " " + KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rsync",
                "rsync:www",
                "rsync:/srv/a b",
                "rsync:/srv\" ssh-ed25519",
                "rsync:/srv\nssh-rsa",
                "command:",
                "command:a\\",
                "command:a\nb",
                "sftp:/x",
                "ca:",
                "ca:a,,b",
                "ca:a\"",
                "shell"
            })
    void whatCouldSayMoreThanItsUseIsRefused(String use) {
        assertThat(TargetLine.of(use)).isEmpty();
    }

    @Test
    void theFormsAreNamed() {
        assertThat(TargetLine.FORMS).contains("rsync:", "command:", "ca:");
    }
}
