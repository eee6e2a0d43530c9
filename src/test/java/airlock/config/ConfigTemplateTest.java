package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.JsonSchema;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTemplateTest {
    private final ConfigFixture fixture;

    ConfigTemplateTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    private void fillSecrets() {
        fixture.write("secrets/forge-token", "token", "rw-------");
        fixture.write("secrets/hello-hook", "0123456789abcdef0123456789abcdef", "rw-------");
        fixture.write("secrets/fetch-token", "token", "rw-------");
        fixture.write("secrets/proxy-password", "password", "rw-------");
    }

    private static String uncommented() {
        // one space after the # makes an explanation
        return ConfigTemplate.text().replaceAll("(?m)^( *)#(?! [^ ])", "$1");
    }

    @Test
    void itCanBeReadOnceItsSecretsAreThere() {
        assertThat(fixture.problems(ConfigTemplate.text()))
                .hasSize(2)
                .allMatch(problem -> problem.contains(": no file secrets/"));
        fillSecrets();
        AirlockConfig config = fixture.config(ConfigTemplate.text());
        assertThat(config.repository("forge", "alice/hello")).isPresent();
        assertThat(fixture.warnings(ConfigTemplate.text())).isEmpty();
    }

    @Test
    void everySettingThatIsCommentedOutCanBeReadToo() {
        fillSecrets();
        AirlockConfig config = fixture.config(uncommented());
        assertThat(config.images()).hasSize(5);
        RepositoryConfig hello = config.repositories().getFirst();
        assertThat(hello.id()).contains("4711");
        assertThat(hello.limits().memory()).isEqualTo(4L << 30);
        assertThat(hello.retention().quota(RetainedKind.LOGS)).isEqualTo(10L << 30);
        assertThat(hello.credentials()).isInstanceOf(FetchCredentials.Token.class);
    }

    @Test
    void whatIsCommentedOutAtTheTopIsTheDefault() {
        fillSecrets();
        AirlockConfig plain = fixture.config(ConfigTemplate.text());
        AirlockConfig all = fixture.config(uncommented());
        assertThat(all.limits()).isEqualTo(plain.limits()).isEqualTo(Limits.STANDARD);
        assertThat(all.housekeeping())
                .isEqualTo(plain.housekeeping())
                .isEqualTo(Housekeeping.STANDARD);
        assertThat(all.listen()).isEqualTo(plain.listen());
        assertThat(all.confinement()).isEqualTo(plain.confinement());
        assertThat(all.ready()).isEqualTo(plain.ready());
        assertThat(all.keepFailed()).isEqualTo(plain.keepFailed());
        assertThat(all.state()).isEqualTo(plain.state());
        assertThat(all.slots()).isEqualTo(plain.slots());
        assertThat(all.sweepEvery()).isEqualTo(plain.sweepEvery());
        assertThat(all.forges().keySet()).isEqualTo(plain.forges().keySet());
        plain.forges()
                .forEach(
                        (name, forge) ->
                                assertThat(all.forges().get(name))
                                        .extracting(ForgeConfig::api, ForgeConfig::token)
                                        .containsExactly(forge.api(), forge.token()));
    }

    @Test
    void itNamesEveryKeyThatThereIs() {
        var keys = new TreeSet<String>();
        collect(ConfigTypes.whole(Surroundings.NOTHING, RepositoryConfig.Common.STANDARD), keys);
        assertThat(keys).hasSizeGreaterThan(40);
        assertThat(keys).allMatch(key -> ConfigTemplate.text().contains(key + ":"));
    }

    private static void collect(Section<?> section, Set<String> keys) {
        for (Key<?> key : section.keys()) {
            keys.add(key.name());
            JsonSchema.sections(key.type()).forEach(s -> collect(s, keys));
        }
    }
}
