package io.foregate.proxy.observe;

/** Somebody who looks at exchanges as they end, for a while. */
public interface Watcher {
    /**
     * An exchange has ended. On its loop: must not block, and must copy what it keeps.
     *
     * @param loop its index
     * @param lines makes lines of records on this loop
     */
    void ended(int loop, AccessRecord record, RecordLines lines);
}
