package io.foregate.proxy.codec;

/**
 * How large a head may be.
 *
 * @param maxTargetBytes of a request's target; beyond it the answer is 414
 * @param maxHeaderBytes of the whole head, start line included; beyond it the answer is 431
 * @param maxHeaderCount of field lines; beyond it the answer is 431
 */
public record HeadLimits(int maxTargetBytes, int maxHeaderBytes, int maxHeaderCount) {}
