package airlock.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/// Looks for a secret wherever a run can have left it: byte for byte, and as base64 makes it,
/// wherever it lies in what was encoded.
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

    /// The files below `directories` that have it.
    List<Path> files(Path... directories) throws IOException {
        var found = new ArrayList<Path>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (isIn(content(file))) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
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

    /// Sockets and what has gone meanwhile have none.
    private static String content(Path file) throws IOException {
        try {
            return Files.size(file) > 1 << 30
                    ? ""
                    : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            if (file.startsWith("/proc")) {
                return ""; // another user's, or ended
            }
            throw e;
        }
    }
}
