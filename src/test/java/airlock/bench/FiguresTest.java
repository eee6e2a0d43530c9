package airlock.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FiguresTest {
    private static JsonNode written(Figure figure) {
        return JsonMapper.shared().readTree(Figures.json(List.of(figure))).get(0);
    }

    @Test
    void aTimeThatIsHalfTheReferenceIsTwiceAsGood() {
        for (String unit : List.of("s", "ms", "MB")) {
            assertThat(written(Figure.against(10, "vm.cold", 5, unit)).path("ratio").asDouble())
                    .isEqualTo(2);
        }
    }

    @Test
    void aRateThatIsTwiceTheReferenceIsTwiceAsGood() {
        for (String unit : List.of("deliveries/s", "MB/s")) {
            var row = written(Figure.against(500, "intake.durable", 1000, unit));
            assertThat(row.path("ratio").asDouble()).isEqualTo(2);
        }
    }

    @Test
    void whereNothingIsHeldAgainstItReferenceAndRatioAreNull() {
        var row = written(Figure.alone("run.empty", 12.5, "s"));

        assertThat(row.propertyNames())
                .containsExactly("name", "value", "unit", "reference", "ratio");
        assertThat(row.path("name").asString()).isEqualTo("run.empty");
        assertThat(row.path("value").asDouble()).isEqualTo(12.5);
        assertThat(row.path("unit").asString()).isEqualTo("s");
        assertThat(row.path("reference").isNull()).isTrue();
        assertThat(row.path("ratio").isNull()).isTrue();
    }

    @Test
    void aLineIsReadBackAsTheSameFigure() {
        for (var figure :
                List.of(
                        Figure.against(0.125, "intake.durable.p99", 7.25, "ms"),
                        Figure.alone("run.empty", 1e-3, "s"))) {
            assertThat(Figure.parse(figure.line())).isEqualTo(figure);
        }
    }

    @Test
    void whatIsNoMeasurementIsRefused() {
        assertThatThrownBy(() -> Figure.alone("run.empty", 0, "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Figure.alone("run.empty", Double.NaN, "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Figure.against(0, "vm.cold", 1, "s"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Figure.parse("vm.cold\t1"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theTableHasALineAFigure() {
        assertThat(Figures.table(List.of(Figure.against(1500, "intake.durable", 750, "/s"))))
                .containsPattern("intake\\.durable +750 +/s +1,500 +0\\.50");
        assertThat(Figures.table(List.of(Figure.alone("run.empty", 12.34, "s"))))
                .containsPattern("run\\.empty +12\\.3 +s +- +-");
    }
}
