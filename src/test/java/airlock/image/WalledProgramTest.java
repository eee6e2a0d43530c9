package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.program.Program;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WalledProgramTest {
    /// Ending a process closes its pipes, also one that has ended by itself and was not read yet.
    @Test
    void whatAProgramWroteBeforeItEndedIsAllRead() throws Exception {
        String text = "x".repeat(50_000);
        for (int i = 0; i < 200; i++) {
            var program =
                    new WalledProgram(
                            "printf",
                            Program.of(List.of("printf", "%s", text)).start(),
                            text.length() + 1);
            program.await();
            assertThat(program.out()).asString(StandardCharsets.US_ASCII).isEqualTo(text);
        }
    }
}
