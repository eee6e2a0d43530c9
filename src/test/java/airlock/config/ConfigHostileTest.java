package airlock.config;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Mutations;
import airlock.yaml.Reading;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfigHostileTest {
    @Test
    void tenThousandMutationsGetAConfigurationOrReasons() {
        var random = new Random(20_260_103);
        byte[] good =
                (ConfigFixture.SMALL
                                + """
                                  id: 7
                                  listed_refs: ["**", refs/tags/v?]
                                  credentials: {token: {env: TOKEN}, user: x}
                                  limits: {memory: 4 GiB, plan_time: 2h, cpus: 1}
                                listen: "[::1]:80"
                                """)
                        .getBytes(StandardCharsets.UTF_8);
        Path file = Path.of("airlock.yaml");
        var reader = new ConfigReader(ConfigFixture.ENVIRONMENT);
        int read = 0;
        for (int i = 0; i < 10_000; i++) {
            switch (reader.read(file, Mutations.of(good, random))) {
                case Reading.Read<AirlockConfig> _ -> read++;
                case Reading.Invalid<AirlockConfig> invalid ->
                        assertThat(invalid.problems()).isNotEmpty();
            }
        }
        assertThat(read).isBetween(100, 9_900);
    }
}
