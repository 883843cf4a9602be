package io.foregate.control.run;

import io.foregate.control.build.Standing;
import io.foregate.control.certificates.Certificates;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.discovery.DnsSettings;
import io.foregate.control.discovery.ServerDiscovery;
import io.foregate.control.pools.EndpointRegistry;

/**
 * What serves the loops from the side, from the first configuration to the last, and outlives them a little.
 *
 * @param standing what configurations are built upon
 */
record Helpers(Logs logs, ServerDiscovery servers, Certificates certificates, Standing standing) {
    /** Opens the logs; looks after nothing else yet. */
    static Helpers of(EffectiveConfig config, Foregate.Settings settings, Inheritance inheritance) throws StartFailure {
        Standing standing = inheritance.standing(config, new EndpointRegistry(settings.loops()));
        Logs logs = Logs.open(config.logs(), settings);
        return new Helpers(
                logs,
                new ServerDiscovery(standing.endpoints(), DnsSettings.of(config.dns()), settings.folder()),
                new Certificates(settings.folder(), standing.certificates()),
                standing);
    }

    Generations generations() {
        return new Generations(standing, servers);
    }

    void close() {
        servers.close();
        standing.endpoints().close();
        logs.close();
        certificates.close();
        standing.certificates().close();
    }
}
