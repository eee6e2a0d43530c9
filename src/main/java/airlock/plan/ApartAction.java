package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Step;
import java.util.List;

/// An action that runs nothing that the commit decides about: it consists of [Script]s alone. Those
/// that fetch, upload or connect by themselves are such, since where they run is a network and may
/// be secrets.
interface ApartAction extends Action {
    /// What it runs, in order.
    List<Script> scripts(Destinations given);

    @Override
    default List<Step> lower(StepContext context) {
        return scripts(context.destinations()).stream().map(context::apart).toList();
    }

    /// What people are told where an action needs something of the operator's.
    ///
    /// @param key of the configuration
    static String needs(String key) {
        return "needs `%s` in the configuration, which whoever runs Airlock can set".formatted(key);
    }
}
