package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.certificates.CertificateState;
import io.foregate.control.certificates.Certificates;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.model.Config;
import io.foregate.control.discovery.DiscoveryState;
import io.foregate.control.discovery.DnsSettings;
import io.foregate.control.discovery.ServerDiscovery;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Transport;
import io.foregate.proxy.tls.CertificateStore;
import io.foregate.proxy.tls.TlsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy that runs: loops, listeners, name resolution, logs. Everything is wired here and nowhere else.
 *
 * <p>Thread-safe. Lives from {@link #start} to {@link #stop}; several may run in one process.
 */
public final class Foregate {
    private static final Logger LOG = LoggerFactory.getLogger(Foregate.class);
    private static final Duration FIRST_SERVERS = Duration.ofSeconds(2);

    /**
     * What the machine decides, where the configuration doesn't.
     *
     * @param loops how many event loops
     * @param folder where relative paths of the configuration start
     */
    public record Settings(int loops, Transport transport, Path folder) {
        /** A loop for each processor, the best transport that works here. */
        public static Settings of(Path folder) {
            return new Settings(Runtime.getRuntime().availableProcessors(), Transport.preferred(), folder);
        }

        /** These, as far as {@code process} doesn't say otherwise. A transport that doesn't work here is replaced, with a warning. */
        Settings with(Config.Machine process) {
            Integer wantedLoops = process.loops();
            Config.Transport wanted = process.transport();
            Transport chosen = switch (wanted) {
                case EPOLL -> Transport.EPOLL;
                case IO_URING -> Transport.IO_URING;
                case NIO -> Transport.NIO;
                case null -> transport;
            };
            if (!chosen.available()) {
                LOG.warn(
                        "process.transport: {} doesn't work on this machine ({}); {} serves instead",
                        chosen.text(),
                        chosen.obstacle(),
                        transport.text());
                chosen = transport;
            } else if (wanted == null && chosen == Transport.NIO) {
                LOG.warn("no native transport works on this machine; the portable one serves, and slower");
            }
            return new Settings(wantedLoops == null ? loops : wantedLoops, chosen, folder);
        }
    }

    /** What serves the loops from the side, and outlives them a little. */
    private record Helpers(
            Logs logs,
            EndpointRegistry endpoints,
            ServerDiscovery servers,
            Certificates certificates,
            CertificateStore store,
            TrafficRegistry traffic) {
        void close() {
            servers.close();
            endpoints.close();
            logs.close();
            certificates.close();
            store.close();
        }
    }

    private final EffectiveConfig config;
    private final Helpers helpers;
    private final DataPlane plane;
    private final List<Listener> listeners;
    private final AtomicBoolean stopping = new AtomicBoolean();

    private Foregate(EffectiveConfig config, Helpers helpers, DataPlane plane, List<Listener> listeners) {
        this.config = config;
        this.helpers = helpers;
        this.plane = plane;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * Starts a proxy; when this returns, it answers. Origins that can't be reached or resolved don't keep it from starting.
     *
     * @throws StartFailure saying what to do, when an address can't be listened on or a log not written; nothing is left then
     */
    public static Foregate start(Loaded.Ok loaded, Settings machine) throws StartFailure, InterruptedException {
        EffectiveConfig config = loaded.effective();
        Settings settings = machine.with(config.process());
        EndpointRegistry endpoints = new EndpointRegistry(settings.loops());
        CertificateStore store = new CertificateStore();
        TrafficRegistry traffic = new TrafficRegistry(settings.loops());
        Built built;
        try {
            built = SnapshotBuilder.build(1, config, endpoints, store, traffic);
        } catch (UnbuildableException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
        Certificates certificates;
        try {
            certificates = Certificates.open(config, settings.folder(), store);
        } catch (TlsException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
        Logs logs;
        try {
            logs = Logs.open(config.logs(), settings.folder());
        } catch (StartFailure e) {
            certificates.close();
            store.close();
            throw e;
        }
        ServerDiscovery servers = new ServerDiscovery(endpoints, DnsSettings.of(config.dns()), settings.folder());
        servers.attach(built.pools());
        DataPlane plane = new DataPlane(
                settings.transport(), settings.loops(), built.snapshot(), loop -> logs.sink(), logs.defences());
        List<Listener> listeners = new ArrayList<>();
        try {
            servers.awaitFirst(FIRST_SERVERS);
            for (PlannedListener planned : built.listeners()) {
                listeners.add(Doors.open(plane, planned));
            }
        } catch (StartFailure | InterruptedException e) {
            listeners.forEach(Listener::close);
            plane.stop();
            new Helpers(logs, endpoints, servers, certificates, store, traffic).close();
            throw e;
        }
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            boolean tls = built.listeners().get(i).listener().tls();
            LOG.info("listening on {} (listener {})", Doors.url(listener.address(), tls), listener.name());
        }
        return new Foregate(
                config, new Helpers(logs, endpoints, servers, certificates, store, traffic), plane, listeners);
    }

    /** How often clients were kept from doing what. */
    public Defences defences() {
        return helpers.logs().defences();
    }

    /** The shares of splits, which may be changed, and how mirrors fare. */
    public TrafficRegistry traffic() {
        return helpers.traffic();
    }

    /** What is listened on, in the order of the configuration, with the real ports. */
    public List<Listener> listeners() {
        return listeners;
    }

    /** How it stands with the certificates of each site. */
    public List<CertificateState> certificates() {
        return helpers.certificates().states();
    }

    /** The servers of all pools, for whoever wants to look at them, drain them, or change their weights. */
    public EndpointRegistry endpoints() {
        return helpers.endpoints();
    }

    /** How it stands with the sources of servers that aren't written in the configuration. */
    public List<DiscoveryState> discoveries() {
        return helpers.servers().states();
    }

    /** Opens log files anew, after a rotation has moved them away. */
    public void reopenLogs() {
        helpers.logs().reopen();
    }

    /**
     * Ends the proxy: no new connections, then the answers that are under way, for as long as {@code shutdown.grace} allows;
     * then the rest. Blocks for that time.
     *
     * @return whether every exchange could end; true also when it was stopped before
     */
    public boolean stop() throws InterruptedException {
        if (!stopping.compareAndSet(false, true)) {
            return true;
        }
        listeners.forEach(Listener::close);
        boolean drained = plane.drain(config.shutdownGrace().nanos());
        if (!drained) {
            LOG.warn(
                    "{} connections were still busy after the grace of {}; they are closed",
                    plane.connectionCount(),
                    config.shutdownGrace());
        }
        plane.stop();
        helpers.close();
        return drained;
    }
}
