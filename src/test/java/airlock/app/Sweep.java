package airlock.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// Searches for a secret wherever a run can have left it: byte for byte, and in base64 at any
/// offset.
record Sweep(List<String> forms) {
    static Sweep of(String secret) {
        var forms = new ArrayList<String>();
        forms.add(secret);
        for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
            for (String before : List.of("", "x", "xx")) {
                byte[] bytes = (before + secret + "xxx").getBytes(StandardCharsets.ISO_8859_1);
                String encoded = encoder.encodeToString(bytes);
                forms.add(encoded.substring(4, encoded.length() - 8));
            }
        }
        return new Sweep(List.copyOf(forms));
    }

    boolean isIn(String text) {
        return forms.stream().anyMatch(text::contains);
    }

    /// The files below `directories` that contain it. grep skips holes in drives, and gets the
    /// patterns on stdin, so that they are in no command line.
    List<Path> files(Path... directories) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("grep", "-zrlaF", "-D", "skip", "-f", "-", "--"));
        Stream.of(directories).map(Path::toString).forEach(command::add);
        var builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        var grep = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var to = grep.getOutputStream()) {
            to.write((String.join("\n", forms) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        String found = new String(grep.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int _ = grep.waitFor(); // 2 if a file was removed meanwhile
        return found.lines().map(Path::of).toList();
    }

    /// The processes of this machine that have it in their command lines or environments.
    List<Path> processes() throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            for (Path process :
                    all.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
                for (String name : List.of("cmdline", "environ")) {
                    if (isIn(content(process.resolve(name)))) {
                        found.add(process.resolve(name));
                    }
                }
            }
        }
        return found;
    }

    /// Empty for processes of other users and those that have ended.
    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
