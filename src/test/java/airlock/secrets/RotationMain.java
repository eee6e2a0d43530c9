package airlock.secrets;

import airlock.store.Database;
import airlock.store.Stillness;
import java.nio.file.Path;

/// Rotates the master key of a state over and over, until it is killed.
final class RotationMain {
    private RotationMain() {}

    /// Rotates until it is killed.
    ///
    /// @param arguments the state directory
    public static void main(String[] arguments) throws InterruptedException {
        Path state = Path.of(arguments[0]);
        try (var database = Database.open(state.resolve("airlock.db"))) {
            var rotation =
                    new Rotation(
                            database,
                            new KeyFile(state.resolve(KeyFile.NAME)),
                            new Stillness(state));
            rotation.settle();
            while (true) {
                switch (rotation.rotate()) {
                    case Rotation.Outcome.Done done -> System.out.println(done);
                    case Rotation.Outcome.Refused refused -> {
                        System.out.println(refused);
                        return;
                    }
                }
            }
        }
    }
}
