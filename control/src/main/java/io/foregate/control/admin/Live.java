package io.foregate.control.admin;

import io.foregate.control.handover.Upgrade;
import io.foregate.control.reload.Reloader;
import io.foregate.control.rollout.Rollouts;
import io.foregate.control.run.Foregate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The process that calls are about.
 *
 * @param version of the program
 * @param upgrade leaves the service to another process; null where there can't be one
 * @param started when the API began to answer
 */
record Live(
        Foregate foregate,
        Reloader reloader,
        Rollouts rollouts,
        @Nullable Upgrade upgrade,
        Audit audit,
        String version,
        Instant started) {}
