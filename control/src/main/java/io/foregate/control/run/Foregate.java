package io.foregate.control.run;

import io.foregate.control.build.Detours;
import io.foregate.control.build.Quarantine;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.TrafficRegistry;
import io.foregate.control.certificates.CertificateState;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.model.Config;
import io.foregate.control.config.model.Timeout;
import io.foregate.control.discovery.DiscoveryState;
import io.foregate.control.discovery.DnsSettings;
import io.foregate.control.pools.EndpointRegistry;
import io.foregate.control.sample.Keeping;
import io.foregate.control.sample.Sample;
import io.foregate.proxy.observe.Defences;
import io.foregate.proxy.observe.Watch;
import io.foregate.proxy.sample.Marks;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Reception;
import io.foregate.proxy.server.Transport;
import io.foregate.proxy.worker.Snapshot;
import io.foregate.proxy.worker.Trial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy that runs: loops, listeners, name resolution, logs. Everything is wired here and nowhere else.
 *
 * <p>Thread-safe. Lives from {@link #start} to {@link #stop}; several may run in one process.
 */
public final class Foregate {
    private static final Logger LOG = LoggerFactory.getLogger(Foregate.class);
    private static final Duration LOOK = Duration.ofMillis(200);

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

    private final Config.Machine startedWith;
    private final Helpers helpers;
    private final DataPlane plane;
    private final Doors doors;
    private final Generations generations;
    private final Preparation preparation;
    private final LogLevel logLevel;
    private final Marks marks = Marks.random();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Running running;
    private @Nullable Candidate candidate;
    private boolean stopped;
    private volatile boolean held;

    private Foregate(Helpers helpers, DataPlane plane, Running first, Inheritance inheritance) {
        this.startedWith = first.config().process();
        this.helpers = helpers;
        this.plane = plane;
        this.doors = new Doors(plane, inheritance.sockets());
        this.generations = helpers.generations();
        this.preparation = new Preparation(helpers, doors, generations);
        this.running = first;
        this.logLevel = new LogLevel(first.config().logs().error().level());
    }

    /**
     * Starts a proxy; when this returns, it answers. Origins that can't be reached or resolved don't keep it from starting.
     *
     * @throws StartFailure saying what to do, when an address can't be listened on or a log not written; nothing is left then
     */
    public static Foregate start(Loaded.Ok loaded, Settings machine) throws StartFailure, InterruptedException {
        return start(loaded, machine, Inheritance.NOTHING);
    }

    /** The same with what another process leaves to this one, or the service manager has opened for it. */
    public static Foregate start(Loaded.Ok loaded, Settings machine, Inheritance inheritance)
            throws StartFailure, InterruptedException {
        EffectiveConfig config = loaded.effective();
        Settings settings = machine.with(config.process());
        Preparation.requireTls(config);
        Helpers helpers = Helpers.of(config, settings, inheritance);
        boolean started = false;
        try {
            Built built = Preparation.build(Preparation.FIRST_REVISION, config, helpers.standing());
            DataPlane plane = new DataPlane(
                    settings.transport(),
                    settings.loops(),
                    built.snapshot(),
                    loop -> helpers.logs().sink(loop.index()),
                    helpers.logs().defences());
            Foregate foregate = new Foregate(helpers, plane, Running.of(loaded, built), inheritance);
            try {
                foregate.open(built, config);
                inheritance.sockets().closeRest();
                started = true;
            } finally {
                if (!started) {
                    plane.stop();
                }
            }
            return foregate;
        } finally {
            if (!started) {
                helpers.close();
            }
        }
    }

    private synchronized void open(Built built, EffectiveConfig config) throws StartFailure, InterruptedException {
        Doors.Move move = doors.prepare(built.listeners());
        generations.begins(built);
        boolean ready = false;
        try {
            helpers.certificates().follow(config);
            helpers.servers().awaitFirst(Preparation.FIRST_SERVERS);
            ready = true;
        } finally {
            if (!ready) {
                move.abandon();
            }
        }
        plane.sampling(Keeping.of(running.loaded(), marks, plane.loops()));
        move.commit(null);
        sayQuarantined(built);
    }

    // Of certificates it is said by those who look after them.
    private static void sayQuarantined(Built built) {
        built.good().quarantined().forEach(one -> LOG.error("{}", one));
    }

    /**
     * Goes over to another configuration: build, bind what is new, publish, let go what is gone. Connections stay as they are;
     * requests that begin from now on see the new configuration, those under way go on with the one that they began with.
     * Blocks for as long as that takes, which is up to two seconds where it names servers that are unknown yet.
     *
     * @throws StartFailure saying what to do, when it can't be: nothing has changed then
     */
    public synchronized Running apply(Loaded.Ok next) throws StartFailure, InterruptedException {
        commit(prepare(next, false));
        return running;
    }

    private Prepared prepare(Loaded.Ok next, boolean tried) throws StartFailure, InterruptedException {
        while (held) {
            wait();
        }
        if (stopping.get()) {
            throw new StartFailure("the process is about to end", new IllegalStateException("stopping"));
        }
        if (candidate != null) {
            throw new StartFailure("another configuration is being tried", new IllegalStateException("a candidate"));
        }
        return preparation.prepare(next, running.built(), tried);
    }

    // ---- trying one beside the one in force ----

    /**
     * Makes another configuration ready and serves it beside the one in force, to a share of the clients that is nothing yet. Its new
     * addresses are listened on from now on; addresses that it doesn't have, certificates, logs and what holds for connections change
     * when it is finished. Until then there is no other change.
     *
     * @throws StartFailure saying what to do, when it can't be: nothing has changed then
     */
    public synchronized Candidate begin(Loaded.Ok next, Trial.Lot lot) throws StartFailure, InterruptedException {
        Prepared prepared = prepare(next, true);
        Built inForce = running.built();
        Trial trial = new Trial(
                inForce.snapshot(),
                prepared.next().built().snapshot(),
                prepared.move().begin(),
                inForce.sources().keySet(),
                lot);
        Candidate made = new Candidate(prepared, trial);
        candidate = made;
        plane.begin(trial);
        prepared.move().accept();
        return made;
    }

    /** Whether it is still tried. */
    public synchronized boolean tries(Candidate tried) {
        return candidate == tried;
    }

    /** From now on it is in force. Does nothing if it isn't tried any more. Returns whether it was. */
    public synchronized boolean finish(Candidate tried) {
        if (candidate != tried) {
            return false;
        }
        candidate = null;
        endpoints().inForce(tried.next().built().pools());
        commit(tried.prepared());
        return true;
    }

    /** No request gets it any more; those that have begun with it go on. Does nothing if it isn't tried any more. Returns whether it was. */
    public synchronized boolean abandon(Candidate tried) {
        if (candidate != tried) {
            return false;
        }
        candidate = null;
        plane.abandon(tried.trial());
        tried.prepared().abandon();
        endsWith(tried.trial().candidate(), List.of());
        return true;
    }

    // From here on nothing fails.
    private void commit(Prepared prepared) {
        Running next = prepared.next();
        EffectiveConfig config = next.config();
        helpers.standing().handshakes().most(config.tls().handshakes().max().value());
        helpers.servers().configure(DnsSettings.of(config.dns()));
        helpers.certificates().follow(config);
        Snapshot previous = plane.publish(next.built().snapshot());
        running = next;
        logLevel.follow(config.logs().error().level());
        plane.sampling(Keeping.of(next.loaded(), marks, plane.loops()));
        List<Reception> gone = prepared.move().commit(previous);
        prepared.logs().commit(plane);
        sayQuarantined(next.built());
        endsWith(previous, gone);
    }

    private void endsWith(Snapshot snapshot, List<Reception> gone) {
        snapshot.closed()
                .thenRun(() -> Thread.ofVirtual()
                        .name("foregate-retire-" + snapshot.revision())
                        .start(() -> ended(snapshot, gone)));
    }

    private void ended(Snapshot snapshot, List<Reception> gone) {
        try {
            // What they are served with is of that snapshot.
            while (!stopping.get() && gone.stream().anyMatch(one -> one.connections() > 0)) {
                Thread.sleep(LOOK);
            }
            letGo(snapshot);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void letGo(Snapshot snapshot) {
        if (!stopped) {
            generations.ended(snapshot.revision());
        }
    }

    /** Whether another process takes over at present, which isn't told what is set here from now on. */
    public boolean isHeld() {
        return held;
    }

    /** The configuration in force. */
    public Running running() {
        return running;
    }

    /** What the process was started with, of which loops and transport stay until its end. */
    public Config.Machine startedWith() {
        return startedWith;
    }

    /** What can't be used at present, of the configuration in force and of the files that it names. */
    public List<Quarantine> quarantined() {
        List<Quarantine> all = new ArrayList<>(running.built().good().quarantined());
        for (CertificateState state : certificates()) {
            String problem = state.problem();
            if (problem != null) {
                all.add(new Quarantine(
                        "certificate", state.site(), problem, !state.shown().isEmpty(), state.since()));
            }
        }
        return all;
    }

    /** How many snapshots there are that still serve somebody: 1, unless requests that began before a change are under way. */
    public int snapshots() {
        return generations.count();
    }

    /** How many connections of clients there are. */
    public int connections() {
        // Not asked of the loops, which may be stuck.
        return doors.connections();
    }

    /** Whether it is about to end: what is under way may finish, and nothing new should come. */
    public boolean stopping() {
        return stopping.get();
    }

    /** How often clients were kept from doing what. */
    public Defences defences() {
        return helpers.logs().defences();
    }

    /** Exchanges that have failed, and those that end while somebody looks. */
    public Watch watch() {
        return helpers.logs().watch();
    }

    /** How much the process says of itself. */
    public LogLevel logLevel() {
        return logLevel;
    }

    /** The loops, for whoever wants to look at what is under way on them. */
    public DataPlane plane() {
        return plane;
    }

    /** A few of the requests that have come of late. */
    public Sample sample() throws InterruptedException {
        boolean on = Keeping.of(running.loaded(), marks, plane.loops()) != null;
        return Sample.of(on, plane.sample(), marks);
    }

    /** The shares of rollouts, which may be changed, and how mirrors fare. */
    public TrafficRegistry traffic() {
        return helpers.standing().traffic();
    }

    /** Makes the routes that serve do as the {@link #traffic} says of diversions. Waits for a change that is under way. */
    public synchronized void renewDetours() {
        Detours.renew(running.built(), running.config(), traffic().diversions());
        Candidate tried = candidate;
        if (tried != null) {
            Detours.renew(tried.next().built(), tried.next().config(), traffic().diversions());
        }
    }

    /** What is listened on, in the order of the configuration, with the real ports. */
    public List<Listener> listeners() {
        return doors.listeners();
    }

    /** How it stands with the certificates of each site. */
    public List<CertificateState> certificates() {
        return helpers.certificates().states();
    }

    /** The servers of all pools, for whoever wants to look at them, drain them, or change their weights. */
    public EndpointRegistry endpoints() {
        return helpers.standing().endpoints();
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
        Timeout grace = running.config().shutdownGrace();
        return end(grace, () -> plane.drain(grace.nanos()));
    }

    /** Waits for what is under way; returns whether it could end. */
    interface Drain {
        boolean run() throws InterruptedException;
    }

    /** The same with another way to wait for what is under way, at most {@code grace}. */
    boolean end(Timeout grace, Drain drain) throws InterruptedException {
        if (!stopping.compareAndSet(false, true)) {
            return true;
        }
        end();
        boolean drained = drain.run();
        if (!drained) {
            LOG.warn(
                    "{} connections were still busy after the grace of {}; they are closed",
                    plane.connectionCount(),
                    grace);
        }
        plane.stop();
        helpers.close();
        return drained;
    }

    private synchronized void end() {
        Candidate tried = candidate;
        if (tried != null) {
            abandon(tried);
        }
        stopped = true;
        held = false;
        notifyAll();
        doors.close();
    }

    // ---- leaving it to another process ----

    /** Leaves its place to another process. */
    public Departure departure() {
        return new Departure(this, plane, doors, helpers.standing());
    }

    /** Keeps changes of the configuration waiting until {@link #release}. Returns why that can't be, or null when they wait. */
    synchronized @Nullable String hold() {
        if (stopping.get()) {
            return "the process is about to end";
        }
        if (candidate != null) {
            return "another configuration is being tried (foregate apply --guard): finish or abort that first";
        }
        if (held) {
            return "a hand-over is under way already";
        }
        held = true;
        return null;
    }

    /** Changes are made again. */
    synchronized void release() {
        held = false;
        notifyAll();
    }
}
