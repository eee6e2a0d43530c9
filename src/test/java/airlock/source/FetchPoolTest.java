package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.sandbox.JvmSpec.OwnJvm;
import airlock.sandbox.Sandbox;
import airlock.source.Lender.FetchPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes wait for orders, as many as the pool is told to keep.
class FetchPoolTest {
    @TempDir Path temporary;

    /// All that were started.
    private final List<FetchWorker> started = new ArrayList<>();

    private Path java;

    @BeforeEach
    void aJvmThatWaits() throws IOException {
        java = temporary.resolve("java");
        Files.writeString(java, "#!/bin/sh\nexec cat > /dev/null\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    }

    private FetchPool pool(int most) {
        var own = new OwnJvm(java, OwnJvm.running().classPath());
        var jvm = FetchWorker.spec(own, 64 << 20, Sandbox.NONE);
        return new FetchPool(
                () -> {
                    started.add(FetchWorker.start(jvm, temporary.resolve("homes")));
                    return started.getLast();
                },
                most);
    }

    @Test
    void aProcessThatWaitsTakesTheOrder() {
        try (var pool = pool(1)) {
            pool.refill();
            assertThat(started).hasSize(1);
            var taken = pool.take();
            assertThat(taken).isSameAs(started.getFirst());
            taken.child().close();
            pool.refill();
            assertThat(started).hasSize(2);
        }
        assertThat(started).noneMatch(worker -> worker.child().isAlive());
    }

    @Test
    void aProcessThatDiedWhileItWaitedGetsNoOrder() throws Exception {
        try (var pool = pool(1)) {
            pool.refill();
            started.getFirst().child().end();
            var taken = pool.take();
            assertThat(taken.child().isAlive()).isTrue();
            assertThat(started).hasSize(2);
            assertThat(started.getFirst().child().home()).doesNotExist();
            taken.child().close();
        }
    }

    @Test
    void withoutSparesAProcessStartsWithItsOrder() {
        try (var pool = pool(0)) {
            pool.refill();
            assertThat(started).isEmpty();
            pool.take().child().close();
            pool.refill();
            assertThat(started).hasSize(1);
        }
    }
}
