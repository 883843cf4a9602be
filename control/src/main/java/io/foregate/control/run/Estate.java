package io.foregate.control.run;

import java.util.List;

/**
 * What another process gets so that clients don't notice that it is another one. A value; it holds secrets.
 *
 * @param ticketKeys with which sessions are resumed, the one that seals first
 * @param stickyKey for sticky cookies whose key isn't configured
 */
public record Estate(List<Passed> listeners, List<byte[]> ticketKeys, byte[] stickyKey) {}
