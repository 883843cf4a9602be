/** Counters, histograms, timings and the access record; the lowest package of the data plane. */
@NullMarked
package io.foregate.proxy.observe;

import org.jspecify.annotations.NullMarked;
