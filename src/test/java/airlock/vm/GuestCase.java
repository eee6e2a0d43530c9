package airlock.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One case of the table that the C and the Java tests share (src/test/resources/guest/README.md).
///
/// @param want the expected results of `bytes`, in order
public record GuestCase(String name, byte[] bytes, List<String> want) {
    private static final Path TABLE = Path.of("src/test/resources/guest");

    /// All cases of a file such as `tar.case`.
    public static List<GuestCase> read(String file) {
        try {
            return parse(Files.readString(TABLE.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The words after `word` in the first want line that begins with it; empty if none does.
    public String wanted(String word) {
        return want.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .findFirst()
                .orElse("");
    }

    @Override
    public String toString() {
        return name;
    }

    private static List<GuestCase> parse(String text) {
        List<GuestCase> cases = new ArrayList<>();
        for (String block : text.split("(?m)^== ", -1)) {
            List<String> want = new ArrayList<>();
            var tokens = new StringBuilder();
            String[] lines = block.split("\n", -1);
            for (String line : lines) {
                if (line.startsWith("bytes:")) {
                    tokens.append(line.substring("bytes:".length()));
                } else if (line.startsWith(" ")) {
                    tokens.append(line);
                } else if (line.startsWith("want: ")) {
                    want.add(line.substring("want: ".length()));
                }
            }
            if (!want.isEmpty()) {
                cases.add(new GuestCase(lines[0], CaseTokens.bytes(tokens.toString()), want));
            }
        }
        return cases;
    }
}
