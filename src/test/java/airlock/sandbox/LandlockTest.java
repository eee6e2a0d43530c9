package airlock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandlockTest {
    @TempDir Path directory;
    private Path mine;
    private Path others;

    @BeforeEach
    void places() throws IOException {
        assumeTrue(Landlock.version() > 0, "this kernel has no Landlock");
        mine = Files.createDirectory(directory.resolve("mine"));
        others = Files.createDirectory(directory.resolve("others"));
        Files.writeString(others.resolve("tar"), "whole");
    }

    private interface Act {
        void run() throws Exception;
    }

    /// Acts on a thread of its own, which is restricted and then ends.
    private void restricted(Act act) throws Exception {
        var done = new CompletableFuture<Void>();
        Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                Landlock.restrict(List.of(mine));
                                act.run();
                                done.complete(null);
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        });
        done.get(1, TimeUnit.MINUTES);
    }

    private static void assertDenied(Act act) {
        assertThatThrownBy(act::run).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void belowItsDirectoriesAThreadDoesWhatItLikes() throws Exception {
        restricted(
                () -> {
                    Path deep = Files.createDirectories(mine.resolve("a/b"));
                    Path file = Files.writeString(deep.resolve("file"), "text");
                    Files.writeString(file, "other");
                    Files.move(file, mine.resolve("moved"));
                    Files.createSymbolicLink(mine.resolve("link"), file);
                    Files.delete(mine.resolve("moved"));
                });
        assertThat(mine.resolve("a/b")).isEmptyDirectory();
    }

    @Test
    void whatBelongsToOthersItReadsAndNeverWrites() throws Exception {
        Path tar = others.resolve("tar");
        restricted(
                () -> {
                    assertThat(tar).hasContent("whole");
                    assertDenied(() -> Files.writeString(tar, "poisoned"));
                    assertDenied(() -> Files.writeString(others.resolve("new"), "x"));
                    assertDenied(() -> Files.delete(tar));
                    assertDenied(() -> Files.createDirectory(others.resolve("d")));
                    Path own = Files.writeString(mine.resolve("own"), "x");
                    assertThatThrownBy(() -> Files.move(own, others.resolve("tar2")))
                            .isInstanceOf(IOException.class);
                });
        assertThat(tar).hasContent("whole");
        Files.writeString(tar, "this thread is free");
    }

    @Test
    void aThreadThatItStartsIsAsItIs() throws Exception {
        restricted(
                () -> {
                    var later = new CompletableFuture<Throwable>();
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            Files.writeString(others.resolve("new"), "x");
                                            later.complete(new AssertionError("written"));
                                        } catch (IOException e) {
                                            later.complete(e);
                                        }
                                    });
                    assertThat(later.get()).isInstanceOf(AccessDeniedException.class);
                });
    }
}
