package airlock.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Turns what a run has gathered into the table on stdout and, if asked, a JSON file.
final class ReportMain {
    private ReportMain() {}

    /// Prints the table and, if asked, writes the JSON file.
    ///
    /// @param arguments the file of gathered lines; maybe the JSON file to write
    public static void main(String[] arguments) throws IOException {
        List<Figure> figures =
                Files.readAllLines(Path.of(arguments[0])).stream().map(Figure::parse).toList();
        System.out.print(Figures.table(figures));
        if (arguments.length > 1) {
            Files.writeString(Path.of(arguments[1]), Figures.json(figures));
        }
    }
}
