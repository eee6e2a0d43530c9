package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image whose guest program does not understand rehearsals.
final class OldGate {
    private OldGate() {}

    /// @param directory where its initramfs goes
    static BootFiles of(BootFiles boot, Path directory) throws IOException {
        var bytes = StandardCharsets.ISO_8859_1;
        String there = Files.readString(boot.initramfs(), bytes);
        String word = HostLine.Word.REHEARSE.name();
        assertThat(there).contains(word);
        Path old = directory.resolve("initramfs");
        Files.writeString(old, there.replace(word, "x".repeat(word.length())), bytes);
        return new BootFiles(boot.kernel(), old, boot.disk());
    }
}
