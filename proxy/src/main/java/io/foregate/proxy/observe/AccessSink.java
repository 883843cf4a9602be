package io.foregate.proxy.observe;

/** Takes records as exchanges end. One instance per loop, so implementations need no lock; the record is only lent. */
public interface AccessSink {
    /** A sink that drops everything. */
    AccessSink NONE = record -> {};

    /** On the loop. Must not block, and must copy what it keeps. */
    void accept(AccessRecord record);
}
