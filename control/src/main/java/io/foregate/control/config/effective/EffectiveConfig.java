package io.foregate.control.config.effective;

import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Dns;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Overload;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.config.model.Tls;
import java.util.List;
import java.util.Map;

/** Everything that applies, resolved: no name in it is without its thing, and nothing is left out. Immutable. */
public record EffectiveConfig(
        List<EffectiveListener> listeners,
        List<EffectiveSite> sites,
        Map<Name, EffectivePool> pools,
        Tls.Process tls,
        Dns dns,
        Overload overload,
        Config.Logs logs,
        Timeout shutdownGrace,
        Config.Machine process) {}
