package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    @TempDir private Path directory;

    private static List<String> differences(Limits a, Limits b) {
        var names = new ArrayList<String>();
        for (RecordComponent component : Limits.class.getRecordComponents()) {
            try {
                if (!component.getAccessor().invoke(a).equals(component.getAccessor().invoke(b))) {
                    names.add(component.getName());
                }
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "pre_plan_time,11m,prePlanTime",
        "plan_time,11m,planTime",
        "post_plan_time,11m,postPlanTime",
        "cpu_time,11m,cpuTime",
        "memory,3 GiB,memory",
        "cpus,5,cpus",
        "processes,99,processes",
        "log,1 MB,log",
        "console,2 MB,console",
        "artifacts,5 MB,artifacts",
        "cache,5 MB,cache",
        "dependencies,5 MB,dependencies",
        "scratch,5 MB,scratch",
        "source_size,5 MB,sourceSize",
        "source_files,7,sourceFiles",
        "source_time,11m,sourceTime"
    })
    void eachKeyChangesItsLimitAndNoOther(String key, String value, String component) {
        var fixture = new ConfigFixture(directory);
        String line = "limits: {" + key + ": " + value + "}\n";
        AirlockConfig common = fixture.config(SMALL + line);
        assertThat(differences(common.limits(), Limits.STANDARD)).containsExactly(component);
        assertThat(common.repositories().getFirst().limits()).isEqualTo(common.limits());
        AirlockConfig own = fixture.config(SMALL + "  " + line);
        assertThat(own.limits()).isEqualTo(Limits.STANDARD);
        assertThat(own.repositories().getFirst().limits()).isEqualTo(common.limits());
    }

    @Test
    void aRepositorysLimitsStandOverTheCommonOnes() {
        String text = SMALL + "  limits: {cpus: 1}\nlimits: {cpus: 8, memory: 8 GiB}\n";
        Limits limits =
                new ConfigFixture(directory).config(text).repositories().getFirst().limits();
        assertThat(limits.cpus()).isEqualTo(1);
        assertThat(limits.memory()).isEqualTo(8L << 30);
    }
}
