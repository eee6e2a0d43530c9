package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// shellcheck has nothing to say about any script. deploy/test.sh installs it.
class ShellcheckTest {
    @Test
    void shellcheckIsContentWithEveryScript() {
        assumeTrue(
                Programs.hasProgram("shellcheck"),
                "shellcheck is not installed: apt-get install shellcheck");
        List<String> command =
                new ArrayList<>(
                        List.of("shellcheck", "--external-sources", "--source-path=SCRIPTDIR"));
        FileTest.scripts().forEach(script -> command.add(script.toString()));
        if (command.size() > 3) {
            assertThat(Programs.run(command.toArray(String[]::new))).isEmpty();
        } else {
            assertThat(FileTest.scripts()).isEmpty();
        }
    }
}
