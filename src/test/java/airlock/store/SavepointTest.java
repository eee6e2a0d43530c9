package airlock.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavepointTest {
    @TempDir Path folder;

    @Test
    void workThatThrowsIsRolledBackAloneAndItsOwnExceptionComesOut() throws Exception {
        try (var database = Database.open(folder.resolve("airlock.db"));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var gate = new CountDownLatch(1);
            var first = threads.submit(() -> database.write(_ -> waitFor(gate)));
            List<Future<Boolean>> together = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                together.add(threads.submit(() -> database.write(h -> pin(h, number))));
            }
            gate.countDown();
            assertThat(first.get()).isTrue();
            for (int i = 0; i < together.size(); i++) {
                var one = together.get(i);
                if (i % 2 == 0) {
                    assertThat(one.get()).isTrue();
                } else {
                    assertThatThrownBy(one::get).hasRootCauseMessage("no odd ones: " + i);
                }
            }
            assertThat(
                            database.<Integer>read(
                                    handle ->
                                            handle.createQuery("SELECT COUNT(*) FROM hook_pin")
                                                    .mapTo(Integer.class)
                                                    .one()))
                    .isEqualTo(10);
        }
    }

    private static boolean waitFor(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private static boolean pin(Handle handle, int number) {
        handle.execute("INSERT INTO hook_pin VALUES (?, 'a:1', 0)", "hook" + number);
        if (number % 2 == 1) {
            throw new IllegalStateException("no odd ones: " + number);
        }
        return true;
    }
}
