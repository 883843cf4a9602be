package io.foregate.control.plan;

import io.foregate.control.config.model.HostPattern;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.PathPattern;
import java.util.List;

/**
 * Requests of which a change makes something else: those to one of {@code listeners}, for {@code host} without {@code
 * otherHosts}, whose path is in {@code path} and in none of {@code otherPaths}, that meet all of {@code when} and none of the
 * lists of {@code unless} whole.
 *
 * @param before what becomes of them now
 * @param after what would
 */
public record Region(
        List<Name> listeners,
        HostPattern host,
        List<HostPattern> otherHosts,
        PathPattern path,
        List<PathPattern> otherPaths,
        List<Term> when,
        List<List<Term>> unless,
        Outcome before,
        Outcome after) {}
