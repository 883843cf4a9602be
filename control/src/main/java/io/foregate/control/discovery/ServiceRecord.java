package io.foregate.control.discovery;

/** A server of a service, as an SRV record has it (RFC 2782). */
record ServiceRecord(int priority, int weight, int port, String target) {}
