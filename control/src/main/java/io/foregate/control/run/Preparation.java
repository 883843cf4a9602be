package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder;
import io.foregate.control.build.SnapshotBuilder.Built;
import io.foregate.control.build.Standing;
import io.foregate.control.build.UnbuildableException;
import io.foregate.control.certificates.Certificates;
import io.foregate.control.config.Loaded;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.proxy.tls.TlsException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The first half of a change, before anything of it can be seen: builds the next configuration, takes its addresses, opens its logs,
 * looks for its servers. Where something of this fails, all of it is taken back.
 *
 * <p>Used under the lock of its {@link Foregate}.
 */
final class Preparation {
    /** That of the configuration which the process starts with. */
    static final long FIRST_REVISION = 1;

    /** How long servers may take to be found before the configuration serves without them. */
    static final Duration FIRST_SERVERS = Duration.ofSeconds(2);

    private final Helpers helpers;
    private final Doors doors;
    private final Generations generations;
    private long lastRevision = FIRST_REVISION;

    Preparation(Helpers helpers, Doors doors, Generations generations) {
        this.helpers = helpers;
        this.doors = doors;
        this.generations = generations;
    }

    /** @throws StartFailure when the configuration asks for TLS and this machine can't */
    static void requireTls(EffectiveConfig config) throws StartFailure {
        try {
            Certificates.require(config);
        } catch (TlsException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** @throws StartFailure when it can't be built upon what is {@code standing} */
    static Built build(long revision, EffectiveConfig config, Standing standing) throws StartFailure {
        try {
            return SnapshotBuilder.build(revision, config, standing);
        } catch (UnbuildableException e) {
            throw new StartFailure(e.problem(), e);
        }
    }

    /**
     * Makes a configuration ready. Blocks for up to {@link #FIRST_SERVERS}.
     *
     * @param tried whether it is to serve beside the one in force at first
     * @throws StartFailure saying what to do, when it can't be: nothing is left of it then
     */
    Prepared prepare(Loaded.Ok next, Built inForce, boolean tried) throws StartFailure, InterruptedException {
        EffectiveConfig config = next.effective();
        requireTls(config);
        long revision = ++lastRevision;
        boolean done = false;
        Logs.Change logs = helpers.logs().prepare(config.logs());
        Doors.@Nullable Move move = null;
        try {
            Standing standing = helpers.standing().after(inForce, doors.slots(config.listeners(), inForce.snapshot()));
            Built built = build(revision, config, standing);
            move = doors.prepare(built.listeners());
            // From here on servers are judged by what the new configuration says.
            if (tried) {
                helpers.standing().endpoints().tries(built.pools());
            }
            generations.begins(built);
            helpers.servers().awaitFirst(FIRST_SERVERS);
            done = true;
            return new Prepared(Running.of(next, built), logs, move);
        } finally {
            if (!done) {
                logs.abandon();
                if (move != null) {
                    move.abandon();
                }
                generations.ended(revision);
            }
        }
    }
}
