package io.foregate.control.admin;

import java.util.ArrayList;
import java.util.List;

/** Everything that the API can do. Stateless. */
final class Resources {
    /** All of them, in the order of the description. */
    static final List<Resource> ALL = all();

    private Resources() {}

    private static List<Resource> all() {
        List<Resource> all = new ArrayList<>();
        all.addAll(StatusResources.table());
        all.addAll(ConfigResources.table());
        all.addAll(ConfigPathResources.table());
        all.addAll(GuardResources.table());
        all.addAll(PoolResources.table());
        all.addAll(FailureResources.table());
        all.addAll(FlightResources.table());
        all.addAll(TapResources.table());
        all.addAll(TopResources.table());
        all.addAll(LogResources.table());
        all.addAll(SampleResources.table());
        all.addAll(UpgradeResources.table());
        all.addAll(RolloutResources.table());
        all.add(Resource.read(
                "/v1/openapi.json",
                "openapi",
                "This description.",
                (call, live) -> Reply.of(OpenApi.of(Resources.ALL))));
        return List.copyOf(all);
    }
}
