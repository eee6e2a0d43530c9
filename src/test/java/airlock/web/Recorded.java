package airlock.web;

import airlock.results.RunQuery;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Records calls.
final class Recorded {
    private Recorded() {}

    /// Calls of the result go to `target`. Each adds a step: its method, and of how many
    /// repositories it is.
    static <T> T of(Class<T> type, T target, List<String> steps) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            var sizes = arguments == null ? Stream.of() : Arrays.stream(arguments);
                            steps.add(
                                    method.getName()
                                            + sizes.map(Recorded::size)
                                                    .collect(Collectors.joining()));
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }

    private static String size(Object argument) {
        return switch (argument) {
            case RunQuery query -> " of " + query.repositories().size();
            case Collection<?> repositories -> " of " + repositories.size();
            default -> "";
        };
    }
}
