package io.foregate.control.build;

import io.foregate.control.config.model.Overload;
import io.foregate.proxy.route.PathPattern;
import io.foregate.proxy.worker.OverloadPolicy;
import java.util.List;

/** Compiles when requests are refused because the process can't keep up. Stateless. */
final class OverloadBuilder {
    private OverloadBuilder() {}

    static OverloadPolicy build(Overload overload) {
        List<PathPattern> spared = overload.spare().stream()
                .map(path -> PathPattern.parse(path.toString()))
                .toList();
        return new OverloadPolicy(Units.nanos(overload.lag()), overload.memory(), spared);
    }
}
