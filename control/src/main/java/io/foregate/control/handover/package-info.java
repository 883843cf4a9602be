/**
 * One process takes over from another, with its listening sockets: {@link io.foregate.control.handover.Upgrade} in the old one
 * starts the new one and goes on if that fails, {@link io.foregate.control.handover.Takeover} is the new one's side.
 */
@NullMarked
package io.foregate.control.handover;

import org.jspecify.annotations.NullMarked;
