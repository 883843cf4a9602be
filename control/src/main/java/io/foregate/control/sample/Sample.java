package io.foregate.control.sample;

import io.foregate.proxy.sample.Marks;
import io.foregate.proxy.sample.SampledHead;
import io.foregate.proxy.sample.SampledHeads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Recent requests of this process, the oldest first.
 *
 * @param on whether requests are sampled at all
 * @param heads what is kept of them
 * @param marks what stands for values in them
 */
public record Sample(boolean on, List<SampledHead> heads, Marks marks) {
    /** Of all loops. */
    public static Sample of(boolean on, List<SampledHeads> loops, Marks marks) {
        List<SampledHead> heads = new ArrayList<>();
        loops.forEach(loop -> heads.addAll(loop.heads()));
        heads.sort(Comparator.comparingLong(head -> head.origin().epochMillis()));
        return new Sample(on, List.copyOf(heads), marks);
    }

    /** How many requests they stand for. */
    public long requests() {
        return heads.stream().mapToLong(SampledHead::requests).sum();
    }
}
